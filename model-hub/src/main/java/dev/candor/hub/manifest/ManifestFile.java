package dev.candor.hub.manifest;

import dev.candor.attestation.digest.Digest;

/**
 * One file of a model version.
 *
 * @param path   relative, {@code /} between segments, no {@code ..}
 * @param size   bytes
 * @param sha256 digest of the bytes
 */
public record ManifestFile(String path, long size, Digest sha256) {}
