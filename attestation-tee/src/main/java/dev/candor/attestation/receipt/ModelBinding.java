package dev.candor.attestation.receipt;

import dev.candor.attestation.digest.Digest;

/**
 * Which model bytes ran.
 *
 * @param name   {@code publisher/name@version}
 * @param digest the manifest's root digest over all files, tokenizer and template included
 */
public record ModelBinding(String name, Digest digest) {}
