package dev.candor.inference.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a key file holds, it is read or refused by its own exception; and what is read can be written and read again. */
class KeyFileFuzzTest {
    private static final String FULL = "{\"keys\":[{\"name\":\"anna\",\"sha256\":\"" + "0f".repeat(32) + "\",\"created\":\"2026-11-21T12:00:00Z\","
            + "\"expires\":\"2027-11-21T12:00:00Z\",\"requests_per_minute\":60,\"tokens_per_minute\":0},"
            + "{\"name\":\"bob\",\"sha256\":\"" + "1e".repeat(32) + "\",\"created\":\"2026-11-21T12:00:00.5Z\"}]}";
    private static final List<String> PIECES = List.of("{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "1e999", "9".repeat(50), "\\u0000", "+1000000000-");

    private final KeyFileCodec codec = new KeyFileCodec();

    @FuzzTest(maxDuration = "1m")
    void readsOrRefuses(byte[] bytes) {
        check(bytes);
    }

    @Test
    void survivesMutatedFiles() {
        assertThatCode(() -> codec.read(FULL.getBytes(StandardCharsets.UTF_8))).doesNotThrowAnyException();
        Random random = new Random(20261121);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder(FULL);
            for (int j = 0; j <= random.nextInt(3); j++) {
                int at = random.nextInt(text.length() + 1);
                int to = Math.min(text.length(), at + random.nextInt(8));
                text.replace(at, to, random.nextBoolean() ? "" : PIECES.get(random.nextInt(PIECES.size())));
            }
            check(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void check(byte[] bytes) {
        List<ApiKey> keys;
        try {
            keys = codec.read(bytes);
        } catch (KeyFileException refusal) {
            assertThat(refusal.getMessage()).isNotBlank();
            return;
        }
        assertThatCode(() -> assertThat(codec.read(codec.write(keys))).isEqualTo(keys)).doesNotThrowAnyException();
    }
}
