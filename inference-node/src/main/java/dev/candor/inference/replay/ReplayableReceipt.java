package dev.candor.inference.replay;

import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.SignedReceipt;
import dev.candor.client.verify.Check;
import dev.candor.client.verify.CheckResult;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.client.verify.ReceiptVerifier;
import dev.candor.client.verify.VerifyOptions;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A saved receipt that was checked as far as it can be without computing anything again.
 *
 * @param failures the checks that failed, in words; empty where none did
 */
public record ReplayableReceipt(ReceiptBundle bundle, Optional<Receipt> receipt, String failures) {
    /** Makes every check that needs no network. */
    public static ReplayableReceipt of(ReceiptBundle bundle, ReceiptVerifier verifier) {
        String failures = verifier.verify(bundle, VerifyOptions.standard().withOffline(true).withReceiptOnly(true)).checks().stream()
                .filter(check -> check.result() == CheckResult.FAILED)
                .map(ReplayableReceipt::words)
                .collect(Collectors.joining("; "));
        try {
            return new ReplayableReceipt(bundle, Optional.of(SignedReceipt.parse(bundle.cose()).receipt()), failures);
        } catch (ReceiptVerificationException e) {
            return new ReplayableReceipt(bundle, Optional.empty(), failures.isEmpty() ? e.getMessage() : failures);
        }
    }

    private static String words(Check check) {
        return check.name().label() + ": " + check.detail();
    }
}
