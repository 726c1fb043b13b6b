package dev.candor.inference.http;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.EffectiveRequest;
import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.attestation.receipt.SamplingBinding;
import dev.candor.attestation.receipt.Verification;
import java.util.Optional;

/**
 * What payment, receipt and headers need of a request, whatever it asks for.
 *
 * @param path       the HTTP path
 * @param bodyDigest SHA-256 of the body's bytes
 * @param sampling   {@link SamplingBinding#none()} where no tokens are generated
 * @param nonce      the client's, lower-case hexadecimal
 * @param payment    reserved for this request, where it is paid
 * @param receiptId  of the receipt, should there be one
 */
record Order(
        String path,
        Digest bodyDigest,
        EffectiveRequest effective,
        LoadedModel model,
        Verification verification,
        SamplingBinding sampling,
        Optional<String> nonce,
        Optional<Passage.Paid> payment,
        ReceiptId receiptId) {
    Order paidBy(Passage.Paid reserved) {
        return new Order(path, bodyDigest, effective, model, verification, sampling, nonce, Optional.of(reserved), receiptId);
    }

    /** Whether the client gets a receipt. */
    boolean wantsReceipt() {
        return verification != Verification.NONE;
    }

    /** Whether a receipt is kept: for the client, or as the account of a payment. */
    boolean needsReceipt() {
        return wantsReceipt() || payment.isPresent();
    }
}
