package dev.candor.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.client.pay.SignedPayment;
import dev.candor.client.verify.ReceiptBundle;
import java.util.Base64;
import java.util.Optional;

/** An answer that came with a receipt. */
record AnswerParts(ResponseBytes parts, String format) {
    /** The receipt of an answer of bare bytes. */
    private static final String RECEIPT_HEADER = "Candor-Receipt";

    /** @throws ReceiptVerificationException if the answer carries no receipt that can be read */
    static AnswerParts of(RawAnswer answer) throws ReceiptVerificationException {
        byte[] bytes = answer.answer().body();
        Optional<String> header = answer.answer().headers().firstValue(RECEIPT_HEADER);
        if (header.isPresent() && !answer.stream()) {
            return new AnswerParts(ResponseBytes.ofRaw(bytes, decode(header.get())), OutputBinding.RAW);
        }
        return answer.stream()
                ? new AnswerParts(ResponseBytes.ofStream(bytes), "sse")
                : new AnswerParts(ResponseBytes.ofBody(bytes), "json");
    }

    private static byte[] decode(String header) throws ReceiptVerificationException {
        try {
            return Base64.getUrlDecoder().decode(header);
        } catch (IllegalArgumentException e) {
            throw new ReceiptVerificationException("the header " + RECEIPT_HEADER + " is not base64url", e);
        }
    }

    Receipt receipt() {
        return parts.receipt().receipt();
    }

    ReceiptBundle bundle(String node, ExchangeRequest request, Optional<String> nonce, byte[] response, Optional<SignedPayment> payment) {
        ReceiptBundle.Exchange exchange =
                new ReceiptBundle.Exchange("/" + request.path(), request.body(), nonce, format, response, parts.tokenIds());
        Optional<JsonNode> signed = payment.map(SignedPayment::payload);
        return new ReceiptBundle(
                receipt().id(), node, parts.receipt().cose(), Optional.of(exchange), Optional.empty(), signed, Optional.empty(), Optional.empty());
    }
}
