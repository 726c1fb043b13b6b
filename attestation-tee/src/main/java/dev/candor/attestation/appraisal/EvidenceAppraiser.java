package dev.candor.attestation.appraisal;

import dev.candor.attestation.crypto.InvalidSignatureException;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.evidence.Attestation;
import dev.candor.attestation.evidence.KeyStatement;
import dev.candor.attestation.evidence.SoftwareEvidence;
import java.util.Arrays;
import java.util.Base64;

/** The Verifier of RFC 9334: decides whether Evidence binds a key statement and what it says of the machine. */
public final class EvidenceAppraiser {
    private static final String NODE_PREFIX = "candor-";
    private static final String ORIGIN_PREFIX = "candor.node/";
    private static final int ED25519_KEY = 33;

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
        String derived = nodeId(statement.logKey());
        if (!statement.nodeId().equals(derived)) {
            throw new AppraisalException("the key statement's node id is " + statement.nodeId() + ", its log key makes " + derived);
        }
        String origin = ORIGIN_PREFIX + derived;
        if (!statement.logOrigin().equals(origin)) {
            throw new AppraisalException("the key statement's log origin is " + statement.logOrigin() + ", its node id makes " + origin);
        }
        if (!statement.logKey().startsWith(origin + "+")) {
            throw new AppraisalException("the key statement's log key is not of the log " + origin + ": " + statement.logKey());
        }
    }

    /** C2SP signed-note: {@code name+hash+base64(0x01 || Ed25519 public key)}. */
    private static String nodeId(String logKey) throws AppraisalException {
        String[] parts = logKey.split("\\+", 3);
        byte[] key;
        try {
            key = parts.length == 3 ? Base64.getDecoder().decode(parts[2]) : new byte[0];
        } catch (IllegalArgumentException e) {
            throw new AppraisalException("the key statement's log key is not a verifier key: " + logKey, e);
        }
        if (key.length != ED25519_KEY || key[0] != 1) {
            throw new AppraisalException("the key statement's log key is not an Ed25519 verifier key: " + logKey);
        }
        return NODE_PREFIX + Digest.sha256(Arrays.copyOfRange(key, 1, key.length)).hex().substring(0, 16);
    }
}
