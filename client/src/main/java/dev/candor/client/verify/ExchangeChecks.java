package dev.candor.client.verify;

import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptChecks;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.attestation.receipt.SignedReceipt;
import java.util.Arrays;
import java.util.Optional;

/** Whether the receipt is of exactly this request and this answer. */
final class ExchangeChecks {
    private static final String NONE = "the bytes are not at hand; they are only in the client's saved file";

    Check request(SignedReceipt signed, Optional<ReceiptBundle.Exchange> exchange) {
        if (exchange.isEmpty()) {
            return Check.skipped(CheckName.REQUEST, NONE);
        }
        ReceiptBundle.Exchange given = exchange.get();
        try {
            ReceiptChecks.request(signed.receipt(), given.path(), given.request(), given.nonce());
            return Check.ok(CheckName.REQUEST, "the exact bytes sent, " + signed.receipt().request().body());
        } catch (ReceiptVerificationException e) {
            return Check.failed(CheckName.REQUEST, e.getMessage());
        }
    }

    Check output(SignedReceipt signed, Optional<ReceiptBundle.Exchange> exchange) {
        if (exchange.isEmpty()) {
            return Check.skipped(CheckName.OUTPUT, NONE);
        }
        try {
            ResponseBytes answer = parts(signed, exchange.get());
            if (!Arrays.equals(answer.receipt().cose(), signed.cose())) {
                return Check.failed(CheckName.OUTPUT, "the answer came with another receipt, " + answer.receipt().receipt().id());
            }
            if (!Arrays.deepEquals(answer.tokenIds().toArray(), exchange.get().tokens().toArray())) {
                return Check.failed(CheckName.OUTPUT, "the saved token ids are not those of the saved answer");
            }
            ReceiptChecks.output(signed.receipt(), exchange.get().request(), answer);
            String tokens = answer.tokenIds().isEmpty() ? "" : signed.receipt().usage().completionTokens() + " tokens, ";
            return Check.ok(
                    CheckName.OUTPUT,
                    tokens + "text and raw bytes, " + signed.receipt().output().body());
        } catch (ReceiptVerificationException e) {
            return Check.failed(CheckName.OUTPUT, e.getMessage());
        }
    }

    private static ResponseBytes parts(SignedReceipt signed, ReceiptBundle.Exchange exchange) throws ReceiptVerificationException {
        return switch (exchange.format()) {
            case OutputBinding.SSE -> ResponseBytes.ofStream(exchange.response());
            case OutputBinding.RAW -> ResponseBytes.ofRaw(exchange.response(), signed.cose());
            default -> ResponseBytes.ofBody(exchange.response());
        };
    }
}
