package dev.candor.client.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.evidence.KeyStatement;
import dev.candor.settlement.anchor.AnchorClaim;
import dev.candor.settlement.anchor.AnchorConfirmation;
import dev.candor.settlement.anchor.AnchorMismatchException;
import dev.candor.settlement.anchor.AnchorReader;
import dev.candor.settlement.chain.ChainClient;
import dev.candor.settlement.chain.ChainException;
import java.net.URI;
import java.util.Optional;

/** Confirms anchors by JSON-RPC: what the node says of one is held against the contract and account that the key statement names. */
public final class ChainAnchorLookup implements AnchorLookup {
    @Override
    public String confirm(URI rpc, JsonNode anchor, KeyStatement statement) throws AnchorException {
        AnchorClaim claim = claim(anchor, statement);
        try (ChainClient chain = new ChainClient(rpc)) {
            AnchorConfirmation found = new AnchorReader(chain).confirm(claim);
            return "root of " + claim.size() + " leaves in block " + found.blockNumber() + " of chain " + claim.chainId()
                    + ", transaction " + claim.transaction();
        } catch (AnchorMismatchException e) {
            throw new AnchorException("the chain at " + rpc + " does not show the anchor: " + e.getMessage(), e);
        } catch (ChainException e) {
            throw new AnchorException("the chain at " + rpc + " cannot be asked: " + e.getMessage() + "; try again, or check --offline", e);
        }
    }

    private static AnchorClaim claim(JsonNode anchor, KeyStatement statement) throws AnchorException {
        try {
            return new AnchorClaim(
                    named(statement.chainId(), "chain"),
                    named(statement.anchor(), "anchor contract"),
                    Optional.of(named(statement.operator(), "anchoring account")),
                    statement.logOrigin(),
                    anchor.path("log_size").asLong(-1),
                    new Digest(anchor.path("root").asText()),
                    anchor.path("transaction").asText());
        } catch (IllegalArgumentException e) {
            throw new AnchorException("the node's anchor is malformed: " + e.getMessage(), e);
        }
    }

    private static <T> T named(Optional<T> value, String what) throws AnchorException {
        return value.orElseThrow(() -> new AnchorException("the key statement names no " + what));
    }
}
