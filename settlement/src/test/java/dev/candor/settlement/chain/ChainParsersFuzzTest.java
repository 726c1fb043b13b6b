package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChainParsersFuzzTest {
    @FuzzTest
    void revertDataAlwaysHasAReason(byte[] data) {
        reason(data);
    }

    @FuzzTest
    void addressFilesAreReadOrRefused(byte[] file) {
        addresses(file);
    }

    @FuzzTest
    void archivesAreReadOrRefused(byte[] archive) throws IOException {
        unpack(archive);
    }

    @Test
    void randomBytesAreReadOrRefused() throws IOException {
        Random random = new Random(11);
        byte[] good = ContractAddresses.builtIn(8453).orElseThrow().json().getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 500; round++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            reason(bytes);
            byte[] mutated = good.clone();
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(128);
            addresses(mutated);
            if (round % 20 == 0) {
                unpack(bytes);
            }
        }
    }

    private static void reason(byte[] data) {
        String reason = RevertReason.of("0x" + HexFormat.of().formatHex(data));
        assertThat(reason).isNotNull().hasSizeLessThanOrEqualTo(200).doesNotContain("\n");
    }

    private static void addresses(byte[] file) {
        try {
            ContractAddresses read = ContractAddresses.parse(1, new String(file, StandardCharsets.UTF_8));
            assertThat(ContractAddresses.parse(1, read.json())).isEqualTo(read);
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    private static void unpack(byte[] archive) throws IOException {
        Path folder = Files.createTempDirectory("candor-tar");
        Path file = folder.resolve("a.tgz");
        Path out = folder.resolve("out");
        try {
            Files.write(file, archive);
            new TarGz(file).extract("package/x", out, 1 << 20);
        } catch (IOException refused) {
            assertThat(refused).isNotNull();
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }
}
