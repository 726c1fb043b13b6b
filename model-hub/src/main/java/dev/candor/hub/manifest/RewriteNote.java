package dev.candor.hub.manifest;

import dev.candor.attestation.digest.Digest;
import java.util.Optional;

/**
 * What became of a graph's rewrite.
 *
 * @param name     of the rewrite, with its version
 * @param original digest of the publisher's graph
 * @param graph    digest of the graph that is served; the original where the rewrite was not kept
 * @param refused  why it was not kept; empty where it was
 */
public record RewriteNote(String name, Digest original, Digest graph, Optional<String> refused) {
    /** @throws IllegalArgumentException if a refused rewrite serves another graph than the original */
    public RewriteNote {
        if (refused.isPresent() && !graph.equals(original)) {
            throw new IllegalArgumentException("a rewrite that was refused leaves the original graph");
        }
    }
}
