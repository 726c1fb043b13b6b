package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Base64Url;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What travels with an answer, in each of its three forms; {@link ResponseBytes} reads them.
 *
 * @param cose       the signed receipt
 * @param tokenIds   per choice
 * @param charged    atomic units, where the answer was paid
 * @param receiptUrl where the node serves the receipt
 */
public record ReceiptAttachment(
        ReceiptId id, byte[] cose, List<int[]> tokenIds, Optional<String> paymentId, Optional<BigInteger> charged, Optional<String> receiptUrl) {
    /** The member of an unstreamed answer that holds the attachment. */
    public static final String MEMBER = "candor";
    /** The end of every stream. */
    public static final String DONE = "data: [DONE]\n\n";

    static final String TOKENS_COMMENT = ": candor-tokens ";
    static final String RECEIPT_COMMENT = ": candor-receipt ";
    static final String EVENT = "event: candor.receipt\ndata: ";

    /** The value of the member {@code candor}. */
    public ObjectNode member() {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("receipt", Base64Url.encode(cose));
        out.put("receipt_id", id.value());
        ArrayNode choices = out.putArray("token_ids");
        for (int[] ids : tokenIds) {
            ArrayNode choice = choices.addArray();
            for (int each : ids) {
                choice.add(Integer.toUnsignedLong(each));
            }
        }
        paymentId.ifPresent(value -> out.put("payment_id", value));
        charged.ifPresent(value -> out.put("charged", value.toString()));
        receiptUrl.ifPresent(value -> out.put("receipt_url", value));
        return out;
    }

    /** The bytes of an unstreamed answer: {@code body} with the member {@code candor} as its last. */
    public byte[] attachTo(ObjectNode body) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.setAll(body);
        out.remove(MEMBER);
        out.set(MEMBER, member());
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The comment lines that go directly before {@link #DONE}, which every client of server-sent events passes over. */
    public byte[] comments() {
        StringBuilder out = new StringBuilder();
        for (int[] ids : tokenIds) {
            out.append(TOKENS_COMMENT).append(Base64Url.encode(TokenDigest.bytes(ids))).append("\n\n");
        }
        out.append(RECEIPT_COMMENT).append(Base64Url.encode(cose)).append("\n\n");
        return out.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** The event that takes the comments' place for a client that asks for it by {@code Candor-Receipt: event}. */
    public byte[] event() {
        return (EVENT + member() + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
