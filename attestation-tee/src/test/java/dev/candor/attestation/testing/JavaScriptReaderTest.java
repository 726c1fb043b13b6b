package dev.candor.attestation.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The reader in {@code src/test/js} shares nothing with the Java code but {@code docs/receipt.md}. */
class JavaScriptReaderTest {
    private static final Path ROOT = Path.of(System.getProperty("candor.root", "."));
    private static final Path SCRIPT = ROOT.resolve("attestation-tee/src/test/js/verify-vectors.mjs");

    @Test
    void theIndependentReaderVerifiesTheVectorsAndRefusesEveryChange() throws Exception {
        Process node;
        try {
            node = new ProcessBuilder("node", SCRIPT.toString(), ROOT.resolve("docs/receipt-vectors.json").toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            Assumptions.abort("Node.js is not on this machine: " + e.getMessage());
            return;
        }
        String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(node.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(node.exitValue()).as(output).isZero();
        assertThat(output).contains("verified 12 exchanges, refused ");
    }
}
