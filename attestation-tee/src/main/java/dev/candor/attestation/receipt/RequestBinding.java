package dev.candor.attestation.receipt;

import dev.candor.attestation.digest.Digest;

/**
 * Which request was answered.
 *
 * @param path      the HTTP path, for example {@code /v1/chat/completions}
 * @param body      SHA-256 of the exact body bytes
 * @param effective SHA-256 of the JCS (RFC 8785) of the effective request
 */
public record RequestBinding(String path, Digest body, Digest effective) {}
