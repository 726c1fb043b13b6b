package dev.candor.attestation.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiptVectorsTest {
    private static final Path COMMITTED = Path.of(System.getProperty("candor.root", "."), "docs", "receipt-vectors.json");

    /** After a wanted change of the format: run with {@code -Dcandor.vectors.write=true}, and raise the format's version if receipts are out there. */
    @Test
    void theCommittedVectorsAreThoseThatTheCodeMakes(@TempDir Path folder) throws Exception {
        byte[] made = new ReceiptVectors(folder).json();
        if (Boolean.getBoolean("candor.vectors.write")) {
            Files.write(COMMITTED, made);
        }
        assertThat(Files.readString(COMMITTED)).isEqualTo(new String(made, StandardCharsets.UTF_8));
    }
}
