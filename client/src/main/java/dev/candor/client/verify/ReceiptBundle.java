package dev.candor.client.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.receipt.ReceiptId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A receipt with everything that is needed to check it, years later and without the node: what a client saves as
 * {@code ID.candor.json}.
 *
 * @param id          the receipt's id
 * @param node        base URL of the node that answered
 * @param cose        the signed receipt
 * @param exchange    exact bytes of request and answer, absent when only the receipt is at hand
 * @param attestation key statement and Evidence ({@link dev.candor.attestation.evidence.Attestation}) as JSON
 * @param payment     the signed x402 payment, where one was made
 * @param proof       inclusion proof and checkpoint, as {@code GET /v1/receipts/{id}/proof} gave them
 * @param anchor      the anchor, as {@code GET /v1/receipts/{id}/anchor} gave it
 */
public record ReceiptBundle(
        ReceiptId id,
        String node,
        byte[] cose,
        Optional<Exchange> exchange,
        Optional<JsonNode> attestation,
        Optional<JsonNode> payment,
        Optional<JsonNode> proof,
        Optional<JsonNode> anchor) {

    /**
     * One request and its answer.
     *
     * @param path     where the request went, for example {@code /v1/chat/completions}
     * @param nonce    the {@code Candor-Nonce} sent, lower-case hexadecimal
     * @param format   {@code sse}, {@code json} or {@code raw}
     * @param response the body, the receipt's part included
     * @param tokens   per choice, the token ids
     */
    public record Exchange(
            String path, byte[] request, Optional<String> nonce, String format, byte[] response, List<int[]> tokens) {
        private boolean same(Exchange other) {
            return Arrays.equals(request, other.request) && Arrays.equals(response, other.response);
        }
    }

    /** A bundle of the bare receipt. */
    public static ReceiptBundle bare(ReceiptId id, String node, byte[] cose) {
        return new ReceiptBundle(
                id, node, cose, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Whether both hold the same receipt with the same request and answer, so that one can take the other's place. */
    public boolean describes(ReceiptBundle other) {
        return Arrays.equals(cose, other.cose)
                && exchange.isPresent() == other.exchange.isPresent()
                && exchange.map(own -> own.same(other.exchange.orElseThrow())).orElse(true);
    }

    public ReceiptBundle withAttestation(JsonNode value) {
        return new ReceiptBundle(id, node, cose, exchange, Optional.of(value), payment, proof, anchor);
    }

    public ReceiptBundle withProof(JsonNode value) {
        return new ReceiptBundle(id, node, cose, exchange, attestation, payment, Optional.of(value), anchor);
    }

    public ReceiptBundle withAnchor(JsonNode value) {
        return new ReceiptBundle(id, node, cose, exchange, attestation, payment, proof, Optional.of(value));
    }

    /** Id and node, without the bytes. */
    @Override
    public String toString() {
        return "ReceiptBundle[" + id + " of " + node + "]";
    }
}
