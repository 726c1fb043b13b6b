package dev.candor.client.verify;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.evidence.Attestation;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.SignedReceipt;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes every check of a receipt that its bundle allows ({@code docs/receipt.md}, section "Verifying"). Thread-safe. */
public final class ReceiptVerifier {
    private final Clock clock;
    private final ExchangeChecks exchange = new ExchangeChecks();
    private final EvidenceChecks evidence = new EvidenceChecks();
    private final PaymentCheck payment = new PaymentCheck();
    private final LogChecks log = new LogChecks();
    private final AnchorCheck anchor;

    public ReceiptVerifier(Clock clock, AnchorLookup anchors) {
        this.clock = clock;
        this.anchor = new AnchorCheck(anchors);
    }

    /** Never throws for what a bundle holds: each fault is a failed check. */
    public VerificationReport verify(ReceiptBundle bundle, VerifyOptions options) {
        SignedReceipt signed;
        try {
            signed = SignedReceipt.parse(bundle.cose());
        } catch (ReceiptVerificationException e) {
            return unreadable(e.getMessage(), options);
        }
        if (!signed.receipt().id().equals(bundle.id())) {
            return unreadable("the saved file is named for " + bundle.id() + ", its receipt is " + signed.receipt().id(), options);
        }
        Optional<Attestation> attestation;
        String unreadable = "";
        try {
            attestation = evidence.parse(bundle);
        } catch (InvalidJsonException e) {
            attestation = Optional.empty();
            unreadable = e.getMessage();
        }
        Receipt receipt = signed.receipt();
        boolean pending = Duration.between(receipt.issuedAt(), clock.instant()).compareTo(options.maxPending()) < 0;
        List<Check> checks = new ArrayList<>();
        checks.add(evidence.signature(signed, attestation, unreadable, clock.instant()));
        checks.add(exchange.request(signed, bundle.exchange()));
        checks.add(exchange.output(signed, bundle.exchange()));
        checks.add(modelDigest(receipt, options));
        checks.add(evidence.evidence(receipt, attestation, unreadable));
        checks.add(evidence.appraisal(attestation, options.policy()));
        checks.add(payment.check(receipt, bundle.payment(), bundle.exchange()));
        checks.addAll(log.check(bundle, attestation, options, pending));
        checks.add(anchor.check(bundle, attestation, options, pending));
        return VerificationReport.of(checks, options.receiptOnly(), evidence.qualification(attestation));
    }

    private static Check modelDigest(Receipt receipt, VerifyOptions options) {
        String name = receipt.model().name();
        var expected = options.modelDigests().get(name);
        if (expected == null) {
            return Check.skipped(
                    CheckName.MODEL_DIGEST,
                    "no reference for " + name + " (it ran with " + receipt.model().digest()
                            + "); give the expected digest: modelDigest in the SDK, --model-digest on the command line");
        }
        return expected.contains(receipt.model().digest())
                ? Check.ok(CheckName.MODEL_DIGEST, name + " is " + receipt.model().digest())
                : Check.failed(
                        CheckName.MODEL_DIGEST,
                        name + " should be " + expected.stream().map(Digest::toString).collect(Collectors.joining(" or ")) + ", the receipt says " + receipt.model().digest());
    }

    private static VerificationReport unreadable(String reason, VerifyOptions options) {
        List<Check> checks = new ArrayList<>();
        checks.add(Check.failed(CheckName.SIGNATURE, "the receipt cannot be read: " + reason));
        Arrays.stream(CheckName.values())
                .skip(1)
                .forEach(name -> checks.add(Check.skipped(name, "the receipt cannot be read")));
        return VerificationReport.of(checks, options.receiptOnly(), "");
    }
}
