package dev.candor.attestation.receipt;

import dev.candor.attestation.digest.Digest;
import java.util.Optional;

/**
 * The Evidence in force when the receipt was signed.
 *
 * @param kind   {@code software}, {@code nitro}, {@code tdx}, {@code sevsnp}
 * @param cpu    SHA-256 of the CPU Evidence's bytes
 * @param gpu    SHA-256 of the GPU Evidence's bytes, where there is one
 * @param policy SHA-256 of the JCS of the node's own appraisal policy
 */
public record EvidenceBinding(String kind, Digest cpu, Optional<Digest> gpu, Digest policy) {}
