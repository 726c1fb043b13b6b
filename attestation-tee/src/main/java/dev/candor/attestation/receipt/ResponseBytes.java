package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;
import java.util.Arrays;
import java.util.List;

/**
 * An answer's bytes taken apart: what the receipt's digests cover, the receipt, and the token ids.
 *
 * @param output  the binding computed from the bytes, to be held against the receipt's
 * @param content what was answered
 * @param receipt the receipt that came with the answer; its signature is not checked
 */
public record ResponseBytes(OutputBinding output, CanonicalOutput content, SignedReceipt receipt, List<int[]> tokenIds) {

    /**
     * Takes an unstreamed answer apart.
     *
     * @throws ReceiptVerificationException if {@code body} is no answer of the path that its receipt names, with a well-formed member {@code candor}
     */
    public static ResponseBytes ofBody(byte[] body) throws ReceiptVerificationException {
        try {
            ObjectNode answer = StrictJson.parseObject(body);
            JsonNode candor = answer.remove(ReceiptAttachment.MEMBER);
            if (candor == null) {
                throw new ReceiptVerificationException("the answer carries no receipt: it has no member " + ReceiptAttachment.MEMBER);
            }
            AttachmentReader attachment = AttachmentReader.of(candor);
            CanonicalOutput content = CanonicalOutput.ofBody(attachment.receipt().receipt().request().path(), answer);
            OutputBinding output = OutputBinding.ofBody(answer, content, attachment.tokenIds());
            return new ResponseBytes(output, content, attachment.receipt(), attachment.tokenIds());
        } catch (InvalidJsonException e) {
            throw new ReceiptVerificationException("the answer is not JSON: " + e.getMessage(), e);
        }
    }

    /**
     * An answer of bare bytes.
     *
     * @param cose the receipt, out of the header {@code Candor-Receipt}
     * @throws ReceiptVerificationException if it is none
     */
    public static ResponseBytes ofRaw(byte[] body, byte[] cose) throws ReceiptVerificationException {
        return new ResponseBytes(OutputBinding.ofRaw(body), CanonicalOutput.none(), SignedReceipt.parse(cose), List.of());
    }

    /**
     * Takes a streamed answer apart. The stream must be whole and end with the receipt and {@code data: [DONE]}, to the byte: nothing may
     * follow what the receipt's digest covers.
     *
     * @throws ReceiptVerificationException if it does not, or is not made of the events of the path that its receipt names
     */
    public static ResponseBytes ofStream(byte[] stream) throws ReceiptVerificationException {
        StreamTail tail = StreamTail.of(stream);
        byte[] covered = Arrays.copyOf(stream, tail.start());
        CanonicalOutput content = CanonicalOutput.ofStream(tail.receipt().receipt().request().path(), covered);
        return new ResponseBytes(OutputBinding.ofStream(covered, content, tail.tokenIds()), content, tail.receipt(), tail.tokenIds());
    }
}
