package dev.candor.attestation.appraisal;

import dev.candor.attestation.crypto.InvalidSignatureException;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.evidence.Attestation;
import dev.candor.attestation.evidence.KeyStatement;
import dev.candor.attestation.evidence.SoftwareEvidence;
import dev.candor.attestation.tlog.LogFormatException;
import dev.candor.attestation.tlog.LogVerifierKey;

/** The Verifier of RFC 9334: decides whether Evidence binds a key statement and what it says of the machine. */
public final class EvidenceAppraiser {
    /**
     * Appraises an Attestation. A policy decides what is enough; a false statement is refused under any.
     *
     * @throws AppraisalException if the Evidence does not bind the statement, the statement contradicts itself, or the policy asks for more
     */
    public AttestationResult appraise(Attestation attestation, AppraisalPolicy policy) throws AppraisalException {
        requireConsistent(attestation.statement());
        return switch (attestation.evidence()) {
            case SoftwareEvidence software -> appraiseSoftware(attestation.statement(), software, policy);
        };
    }

    private static AttestationResult appraiseSoftware(KeyStatement statement, SoftwareEvidence evidence, AppraisalPolicy policy)
            throws AppraisalException {
        Digest digest = statement.digest();
        if (!evidence.statement().equals(digest)) {
            throw new AppraisalException("the Evidence binds the key statement " + evidence.statement() + ", the one at hand has " + digest);
        }
        try {
            evidence.verifySignature(statement.receiptKeyBytes());
        } catch (InvalidSignatureException e) {
            throw new AppraisalException("the Evidence is not signed by the receipt key of the statement: " + e.getMessage(), e);
        }
        if (!policy.acceptSoftware()) {
            throw new AppraisalException("the policy \"" + policy.name() + "\" asks for hardware evidence, this is software evidence. " + SoftwareEvidence.NOTE);
        }
        return new AttestationResult(
                AttestationResult.Status.NONE, SoftwareEvidence.KIND, false, evidence.digest(), policy.digest(), SoftwareEvidence.NOTE);
    }

    /** The node id is drawn from the log's key and the log's origin from the node id, so that one log is one node. */
    private static void requireConsistent(KeyStatement statement) throws AppraisalException {
        LogVerifierKey key;
        try {
            key = LogVerifierKey.parse(statement.logKey());
        } catch (LogFormatException e) {
            throw new AppraisalException("the key statement's log key: " + e.getMessage(), e);
        }
        if (!statement.nodeId().equals(key.nodeId())) {
            throw new AppraisalException("the key statement's node id is " + statement.nodeId() + ", its log key makes " + key.nodeId());
        }
        String origin = LogVerifierKey.ORIGIN_PREFIX + key.nodeId();
        if (!statement.logOrigin().equals(origin) || !key.name().equals(origin)) {
            throw new AppraisalException("the key statement's log origin is " + statement.logOrigin() + " and its log key is of " + key.name()
                    + ", its node id makes " + origin);
        }
    }
}
