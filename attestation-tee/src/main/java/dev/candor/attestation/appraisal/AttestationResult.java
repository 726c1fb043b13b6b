package dev.candor.attestation.appraisal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.evidence.SoftwareEvidence;
import java.util.Locale;

/**
 * What appraisal found (RFC 9334, 8.4), in the words of EAR.
 *
 * @param kind        of the Evidence
 * @param hardware    whether the Evidence says anything of the hardware; never true for software evidence
 * @param evidence    SHA-256 of the Evidence
 * @param policy      SHA-256 of the policy it was appraised under
 * @param explanation one sentence for people
 */
public record AttestationResult(Status status, String kind, boolean hardware, Digest evidence, Digest policy, String explanation) {

    /** EAR's trustworthiness tiers. Contraindicated Evidence has no result: appraisal throws. */
    public enum Status {
        /** No claim is made about the machine. */
        NONE(0),
        /** The machine is as the Reference Values have it. */
        AFFIRMING(2),
        /** The machine is known, with something to be aware of. */
        WARNING(32);

        private final int tier;

        Status(int tier) {
            this.tier = tier;
        }

        /** EAR's number. */
        public int tier() {
            return tier;
        }
    }

    /** @throws IllegalArgumentException for a claim about hardware that the kind or the status does not carry */
    public AttestationResult {
        boolean software = kind.equals(SoftwareEvidence.KIND);
        if (software && (hardware || status != Status.NONE)) {
            throw new IllegalArgumentException("software evidence proves nothing about the machine, so its status is none");
        }
        if (hardware && status == Status.NONE) {
            throw new IllegalArgumentException("a result about hardware has a status other than none");
        }
    }

    /** The result as JSON. */
    public ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("status", status.name().toLowerCase(Locale.ROOT))
                .put("tier", status.tier())
                .put("kind", kind)
                .put("hardware", hardware)
                .put("evidence", evidence.hex())
                .put("policy", policy.hex())
                .put("explanation", explanation);
    }
}
