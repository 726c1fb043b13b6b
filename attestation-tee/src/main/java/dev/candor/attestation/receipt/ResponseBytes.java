package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Base64Url;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An answer's bytes taken apart: what the receipt's digests cover, the receipt, and the token ids.
 *
 * @param output  the binding computed from the bytes, to be held against the receipt's
 * @param choices the choices to show
 * @param receipt the receipt that came with the answer; its signature is not checked
 */
public record ResponseBytes(OutputBinding output, CanonicalChoices choices, SignedReceipt receipt, List<int[]> tokenIds) {

    /**
     * Takes an unstreamed answer apart.
     *
     * @throws ReceiptVerificationException if {@code body} is not a chat completion with a well-formed member {@code candor}
     */
    public static ResponseBytes ofBody(byte[] body) throws ReceiptVerificationException {
        try {
            ObjectNode answer = StrictJson.parseObject(body);
            if (!(answer.remove(ReceiptAttachment.MEMBER) instanceof ObjectNode candor)) {
                throw new ReceiptVerificationException("the answer carries no receipt: it has no member " + ReceiptAttachment.MEMBER);
            }
            List<int[]> tokens = tokenIds(candor.path("token_ids"));
            return new ResponseBytes(OutputBinding.ofBody(answer, tokens), CanonicalChoices.ofBody(answer), receipt(candor), tokens);
        } catch (InvalidJsonException e) {
            throw new ReceiptVerificationException("the answer is not JSON: " + e.getMessage(), e);
        }
    }

    /**
     * Takes a streamed answer apart. The stream must be whole and end with the receipt and {@code data: [DONE]}, to the byte: nothing may
     * follow what the receipt's digest covers.
     *
     * @throws ReceiptVerificationException if it does not, or is not made of chat completion chunks
     */
    public static ResponseBytes ofStream(byte[] stream) throws ReceiptVerificationException {
        StreamTail tail = StreamTail.of(stream);
        byte[] covered = Arrays.copyOf(stream, tail.start());
        CanonicalChoices choices = CanonicalChoices.ofStream(covered);
        if (tail.event().isPresent()) {
            ObjectNode candor = tail.event().get();
            List<int[]> tokens = tokenIds(candor.path("token_ids"));
            return new ResponseBytes(OutputBinding.ofStream(covered, tokens), choices, receipt(candor), tokens);
        }
        return new ResponseBytes(OutputBinding.ofStream(covered, tail.tokenIds()), choices, SignedReceipt.parse(tail.cose()), tail.tokenIds());
    }

    private static SignedReceipt receipt(ObjectNode candor) throws ReceiptVerificationException {
        SignedReceipt receipt = SignedReceipt.parse(base64("the member receipt", candor.path("receipt").asText()));
        String id = candor.path("receipt_id").asText();
        if (!id.equals(receipt.receipt().id().value())) {
            throw ReceiptVerificationException.differs("receipt id", receipt.receipt().id(), "the answer's receipt_id is", id);
        }
        JsonNode charged = candor.get("charged");
        String signed = receipt.receipt().payment().map(payment -> payment.charged().toString()).orElse("none");
        if (charged != null && !charged.asText().equals(signed)) {
            throw ReceiptVerificationException.differs("charged amount", signed, "the answer's member charged is", charged.asText());
        }
        return receipt;
    }

    private static List<int[]> tokenIds(JsonNode choices) throws ReceiptVerificationException {
        if (!(choices instanceof ArrayNode)) {
            throw new ReceiptVerificationException("the answer's receipt comes without its token_ids");
        }
        List<int[]> out = new ArrayList<>();
        for (JsonNode choice : choices) {
            int[] ids = new int[choice.size()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = tokenId(choice.get(i));
            }
            out.add(ids);
        }
        return out;
    }

    private static int tokenId(JsonNode id) throws ReceiptVerificationException {
        if (id != null && id.isIntegralNumber() && id.canConvertToLong() && id.longValue() >= 0 && id.longValue() <= 0xffff_ffffL) {
            return (int) id.longValue();
        }
        throw new ReceiptVerificationException("a token id is not an unsigned 32-bit integer: " + id);
    }

    static byte[] base64(String what, String text) throws ReceiptVerificationException {
        try {
            return Base64Url.decode(text);
        } catch (IllegalArgumentException e) {
            throw new ReceiptVerificationException(what + " is not base64url: " + e.getMessage(), e);
        }
    }
}
