package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.candor.attestation.digest.Base64Url;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.JsonFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the JSON form of a {@link ReceiptAttachment}; what it repeats of the receipt must be the receipt's. */
record AttachmentReader(SignedReceipt receipt, List<int[]> tokenIds) {

    static AttachmentReader of(JsonNode candor) throws ReceiptVerificationException {
        try {
            JsonFields in = new JsonFields(candor, ReceiptAttachment.MEMBER);
            List<int[]> tokens = tokenIds(in.required("token_ids"));
            SignedReceipt signed = SignedReceipt.parse(base64("the member receipt", in.text("receipt")));
            Receipt receipt = signed.receipt();
            requireSame("receipt id", receipt.id().value(), "receipt_id", Optional.of(in.text("receipt_id")));
            String charged = receipt.payment().map(payment -> payment.charged().toString()).orElse("none");
            requireSame("charged amount", charged, "charged", in.optionalText("charged"));
            in.optionalText("payment_id");
            in.optionalText("receipt_url");
            in.end();
            return new AttachmentReader(signed, tokens);
        } catch (InvalidJsonException e) {
            throw new ReceiptVerificationException("the receipt's JSON: " + e.getMessage(), e);
        }
    }

    private static void requireSame(String what, String signed, String member, Optional<String> said) throws ReceiptVerificationException {
        if (said.isPresent() && !said.get().equals(signed)) {
            throw ReceiptVerificationException.differs(what, signed, "the answer's member " + member + " is", said.get());
        }
    }

    private static List<int[]> tokenIds(JsonNode choices) throws ReceiptVerificationException {
        if (!(choices instanceof ArrayNode) || choices.size() > CanonicalChoices.MAX_CHOICES) {
            throw new ReceiptVerificationException("token_ids is not an array of at most " + CanonicalChoices.MAX_CHOICES + " choices");
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
