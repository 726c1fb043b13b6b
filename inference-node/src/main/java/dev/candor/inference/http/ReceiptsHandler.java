package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.LogEntry;
import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.attestation.receipt.ReceiptJson;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.SignedReceipt;
import dev.candor.attestation.tlog.LogReader;
import dev.candor.attestation.tlog.SignedCheckpoint;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.Json;
import dev.candor.settlement.ledger.Ledger;
import dev.candor.settlement.ledger.StoredReceipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** {@code GET /v1/receipts/{id}} with {@code /proof} and {@code /anchor}. Blocks. */
final class ReceiptsHandler {
    private static final String COSE = "application/cose";

    private final Ledger ledger;
    private final LogReader log;
    private final AnchorSource anchors;
    private final Json json;

    ReceiptsHandler(Ledger ledger, LogReader log, AnchorSource anchors, Json json) {
        this.ledger = ledger;
        this.log = log;
        this.anchors = anchors;
        this.json = json;
    }

    void receipt(Exchange exchange) throws ApiException, ReceiptVerificationException {
        StoredReceipt stored = find(exchange);
        if (exchange.header("accept").filter(accept -> accept.contains(COSE)).isPresent()) {
            exchange.send(Reply.of(COSE, stored.cose()));
            return;
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("id", stored.id().value());
        body.set("receipt", ReceiptJson.view(SignedReceipt.parse(stored.cose()).receipt()));
        body.put("cose", Base64.getUrlEncoder().withoutPadding().encodeToString(stored.cose()));
        body.put("leaf_index", stored.leafIndex());
        exchange.send(Reply.json(200, body, json));
    }

    void proof(Exchange exchange) throws ApiException, IOException {
        StoredReceipt stored = find(exchange);
        SignedCheckpoint checkpoint = log.checkpoint();
        if (stored.leafIndex() >= checkpoint.size()) {
            throw new ApiException(ErrorCode.INCLUSION_PENDING, "The log does not cover this receipt yet.");
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode()
                .put("leaf_index", stored.leafIndex())
                .put("log_size", checkpoint.size())
                .put("leaf_hash", LogEntry.receipt(stored.cose()).leafHash().hex());
        hashes(body, stored.leafIndex(), checkpoint.size());
        body.put("checkpoint", new String(checkpoint.note().bytes(), StandardCharsets.UTF_8));
        exchange.send(Reply.json(200, body, json));
    }

    void anchor(Exchange exchange) throws ApiException, IOException {
        StoredReceipt stored = find(exchange);
        AnchorSource.Anchored anchor = anchors.covering(stored.leafIndex()).orElseThrow(() ->
                new ApiException(ErrorCode.ANCHOR_PENDING, "No confirmed anchor covers this receipt yet."));
        ObjectNode body = JsonNodeFactory.instance.objectNode()
                .put("chain_id", anchor.chainId())
                .put("rpc", anchor.rpc())
                .put("contract", anchor.contract())
                .put("account", anchor.account())
                .put("transaction", anchor.transaction())
                .put("block_number", anchor.blockNumber())
                .put("anchor_index", anchor.index())
                .put("log_size", anchor.logSize())
                .put("root", anchor.root())
                .put("leaf_index", stored.leafIndex());
        hashes(body, stored.leafIndex(), anchor.logSize());
        body.put("checkpoint", anchor.checkpoint());
        exchange.send(Reply.json(200, body, json));
    }

    private void hashes(ObjectNode body, long index, long size) throws IOException {
        ArrayNode hashes = body.putArray("hashes");
        List<Digest> path = log.inclusionProof(index, size).hashes();
        path.forEach(hash -> hashes.add(hash.hex()));
    }

    private StoredReceipt find(Exchange exchange) throws ApiException {
        String id = exchange.pathParameter("id");
        try {
            return ledger.receipt(new ReceiptId(id)).orElseThrow(() -> notFound(id));
        } catch (IllegalArgumentException e) {
            throw notFound(id);
        }
    }

    private static ApiException notFound(String id) {
        return new ApiException(ErrorCode.RECEIPT_NOT_FOUND, "This node has no receipt '" + id + "'.", "id");
    }
}
