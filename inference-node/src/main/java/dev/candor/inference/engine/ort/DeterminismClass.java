package dev.candor.inference.engine.ort;

import dev.candor.hub.manifest.ManifestVerifier;
import java.io.IOException;
import java.nio.file.Path;

/** Names what must be the same on two machines for them to compute the same bits. */
public final class DeterminismClass {
    private static final int DIGEST_DIGITS = 16;

    private DeterminismClass() {}

    /**
     * The parts, joined by {@code /}.
     *
     * @param version   of ONNX Runtime
     * @param machine   what of the machine decides the bits
     * @param form      of the model
     * @param attention how it attends
     * @param graph     the graph's file, of which the digest is taken
     */
    public static String of(String version, String machine, String form, String attention, Path graph) throws IOException {
        String digest = ManifestVerifier.hash(graph, bytes -> {}).hex().substring(0, DIGEST_DIGITS);
        return String.join("/", "ort-" + version, machine, form, attention, "graph-" + digest);
    }
}
