package dev.candor.settlement.x402;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The published x402 vectors; a test that needs them is skipped where they are not at hand. */
public final class X402Vectors {
    private X402Vectors() {}

    public static JsonNode load(String name) {
        Path file = Path.of(System.getProperty("candor.shared", "shared"), "vectors", "x402", name);
        Assumptions.assumeTrue(Files.isRegularFile(file), "the x402 vectors are not here: " + file.getFileName());
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
