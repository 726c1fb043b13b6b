package dev.candor.client.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.evidence.KeyStatement;
import dev.candor.settlement.chain.AnchorContract;
import dev.candor.settlement.chain.AnchorEvent;
import dev.candor.settlement.chain.ChainClient;
import dev.candor.settlement.chain.ChainException;
import dev.candor.settlement.chain.TransactionResult;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Confirms anchors by JSON-RPC: the transaction must hold the event of the contract and account that the key statement names. */
public final class ChainAnchorLookup implements AnchorLookup {
    @Override
    public String confirm(URI rpc, JsonNode anchor, KeyStatement statement) throws AnchorException {
        EvmAddress contract = statement.anchor().orElseThrow(() -> new AnchorException("the key statement names no anchor contract"));
        EvmAddress account = statement.operator().orElseThrow(() -> new AnchorException("the key statement names no anchoring account"));
        String transaction = anchor.path("transaction").asText();
        if (!transaction.matches("0x[0-9a-f]{64}")) {
            throw new AnchorException("the anchor's transaction is no transaction hash: " + transaction);
        }
        try (ChainClient chain = new ChainClient(rpc)) {
            checkChain(chain, statement);
            TransactionResult result = chain.result(transaction)
                    .orElseThrow(() -> new AnchorException("the chain at " + rpc + " does not know transaction " + transaction));
            AnchorEvent event = new AnchorContract(chain, contract)
                    .anchored(result, account)
                    .orElseThrow(() -> new AnchorException(
                            "transaction " + transaction + " holds no anchor by " + account + " in " + contract));
            checkEvent(event, anchor, statement);
            return "root of " + event.size() + " leaves in block " + result.blockNumber() + " of chain "
                    + statement.chainId().orElseThrow() + ", transaction " + transaction;
        } catch (ChainException e) {
            throw new AnchorException("the chain at " + rpc + " cannot be asked: " + e.getMessage() + "; try again, or check --offline", e);
        }
    }

    private static void checkChain(ChainClient chain, KeyStatement statement) throws ChainException, AnchorException {
        long expected = statement.chainId().orElseThrow(() -> new AnchorException("the key statement names no chain"));
        long found = chain.chainId();
        if (found != expected) {
            throw new AnchorException("the node anchors on chain " + expected + ", " + chain.endpoint() + " is chain " + found);
        }
    }

    private static void checkEvent(AnchorEvent event, JsonNode anchor, KeyStatement statement) throws AnchorException {
        Digest origin = Digest.sha256(statement.logOrigin().getBytes(StandardCharsets.UTF_8));
        if (!event.origin().equals(origin)) {
            throw new AnchorException("the anchor on the chain is of another log: origin " + event.origin() + ", expected " + origin);
        }
        if (event.size() != anchor.path("log_size").asLong(-1) || !event.root().hex().equals(anchor.path("root").asText())) {
            throw new AnchorException("on the chain is root " + event.root() + " of " + event.size() + " leaves, the node said "
                    + anchor.path("root").asText() + " of " + anchor.path("log_size").asText());
        }
    }
}
