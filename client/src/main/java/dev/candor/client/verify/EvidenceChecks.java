package dev.candor.client.verify;

import dev.candor.attestation.appraisal.AppraisalException;
import dev.candor.attestation.appraisal.AppraisalPolicy;
import dev.candor.attestation.appraisal.AttestationResult;
import dev.candor.attestation.appraisal.EvidenceAppraiser;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.evidence.Attestation;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptChecks;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.SignedReceipt;
import java.time.Instant;
import java.util.Optional;

/** Whether the receipt's signer is the key that Evidence binds, and whether that Evidence is good enough. */
final class EvidenceChecks {
    private static final String NONE = "no key statement and Evidence are at hand; without --offline they are asked of the node";

    private final EvidenceAppraiser appraiser = new EvidenceAppraiser();

    Optional<Attestation> parse(ReceiptBundle bundle) throws InvalidJsonException {
        return bundle.attestation().isPresent() ? Optional.of(Attestation.parse(bundle.attestation().get())) : Optional.empty();
    }

    Check signature(SignedReceipt signed, Optional<Attestation> attestation, String unreadable, Instant now) {
        if (attestation.isEmpty()) {
            return missing(CheckName.SIGNATURE, unreadable);
        }
        try {
            signed.verifySignature(attestation.get().statement().receiptKeyBytes());
            ReceiptChecks.issuedAt(signed.receipt(), now);
            return Check.ok(CheckName.SIGNATURE, "by receipt key " + signed.signer());
        } catch (ReceiptVerificationException e) {
            return Check.failed(CheckName.SIGNATURE, e.getMessage());
        }
    }

    Check evidence(Receipt receipt, Optional<Attestation> attestation, String unreadable) {
        if (attestation.isEmpty()) {
            return missing(CheckName.EVIDENCE, unreadable);
        }
        Attestation given = attestation.get();
        try {
            ReceiptChecks.evidence(receipt, given.evidence().kind(), given.evidence().digest(), given.statement().nodeId());
            appraiser.appraise(given, AppraisalPolicy.standard());
            return Check.ok(CheckName.EVIDENCE, given.evidence().kind() + " Evidence binds the receipt key to " + receipt.issuer());
        } catch (ReceiptVerificationException | AppraisalException e) {
            return Check.failed(CheckName.EVIDENCE, e.getMessage());
        }
    }

    Check appraisal(Optional<Attestation> attestation, AppraisalPolicy policy) {
        if (attestation.isEmpty()) {
            return missing(CheckName.APPRAISAL, "");
        }
        try {
            AttestationResult result = appraiser.appraise(attestation.get(), policy);
            return Check.ok(CheckName.APPRAISAL, result.explanation());
        } catch (AppraisalException e) {
            return Check.failed(CheckName.APPRAISAL, e.getMessage());
        }
    }

    /** What people must be told beside the word verified. */
    String qualification(Optional<Attestation> attestation) {
        return attestation.isPresent() && !attestation.get().evidence().hardware()
                ? " (software evidence: proves nothing about the machine)"
                : "";
    }

    private static Check missing(CheckName name, String unreadable) {
        return unreadable.isEmpty() ? Check.skipped(name, NONE) : Check.failed(name, unreadable);
    }
}
