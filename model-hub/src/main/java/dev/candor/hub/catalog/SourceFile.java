package dev.candor.hub.catalog;

import dev.candor.attestation.digest.Digest;

/**
 * The publisher's file that a model is made from.
 *
 * @param name plain file name
 * @param size bytes
 */
public record SourceFile(String name, long size, Digest sha256) {}
