package dev.candor.settlement.x402;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * What the official x402 packages sign and encode: ours, which {@code inference-node/src/test/clients/x402-vectors.mjs} makes with them, and
 * the shared ones where they are at hand.
 */
public final class X402Vectors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private X402Vectors() {}

    /** Payments of the scheme {@code upto} with their hashes and the call that settles them. */
    public static List<JsonNode> upto() {
        return all(List.of("upto"), List.of("v2-upto-permit2.json"));
    }

    /** Payments in other forms. */
    public static List<JsonNode> others() {
        return all(
                List.of("exact-permit2", "exact-eip3009"),
                List.of("v2-exact-eip3009.json", "v2-exact-permit2.json", "v2-upto-permit2-eip2612.json", "v2-exact-permit2-eip2612.json"));
    }

    private static List<JsonNode> all(List<String> own, List<String> shared) {
        List<JsonNode> vectors = new ArrayList<>();
        own.forEach(name -> vectors.add(own(name)));
        shared.stream().map(X402Vectors::file).filter(Files::isRegularFile).forEach(file -> vectors.add(read(file)));
        return vectors;
    }

    private static JsonNode own(String name) {
        try (InputStream in = X402Vectors.class.getResourceAsStream("/x402/" + name + ".json")) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was seen on the wire; a test that needs it is skipped where it is not at hand. */
    public static JsonNode observed(String name) {
        Path file = file(name);
        Assumptions.assumeTrue(Files.isRegularFile(file), "the x402 vectors are not here: " + file.getFileName());
        return read(file);
    }

    private static Path file(String name) {
        return Path.of(System.getProperty("candor.shared", "shared"), "vectors", "x402", name);
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
