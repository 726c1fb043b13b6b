package dev.candor.attestation.evidence;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;

/** What an Attester hands out (RFC 9334, 8.1): bytes that bind a key statement to the machine, as far as the kind can. */
public sealed interface Evidence permits SoftwareEvidence {

    /** {@code software}. */
    String kind();

    /** Whether evidence of this kind, if it is good, says anything of the hardware it was made on. */
    boolean hardware();

    /** The bytes as they travel, in a new array. */
    byte[] bytes();

    /** SHA-256 of {@link #bytes}, which receipts name. */
    default Digest digest() {
        return Digest.sha256(bytes());
    }

    /**
     * Reads Evidence; nothing of it is believed yet.
     *
     * @throws InvalidJsonException if the kind is unknown or the bytes are not of that kind
     */
    static Evidence parse(String kind, byte[] bytes) throws InvalidJsonException {
        if (kind.equals(SoftwareEvidence.KIND)) {
            return SoftwareEvidence.parse(bytes);
        }
        throw new InvalidJsonException("evidence of the unknown kind " + kind + "; this program knows: " + SoftwareEvidence.KIND);
    }
}
