package dev.candor.inference.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1048576, 1048576",
        "64M, 67108864",
        "64m, 67108864",
        "64MiB, 67108864",
        "64 mib, 67108864",
        "64MB, 64000000",
        "2G, 2147483648",
        "1.5G, 1610612736",
        "0.5K, 512",
        "1.5kB, 1500",
        "1T, 1099511627776",
        "100B, 100",
        "9223372036854775807, 9223372036854775807",
    })
    void readsSizesAsPeopleWriteThem(String text, long bytes) {
        assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "M", "-1", "1.5", "0.3K", "64 X", "64iB", "1e3", "64MM", "64M 2", "0x10", "1,5G", "9223372036854775808", "9999999T", "∞", "٣M"})
    void saysHowASizeIsWrittenWhereItIsNone(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("64MiB");
    }

    @Test
    void whateverIsReadIsASizeOrRefusedInAFewWords() {
        Random random = new Random(5);
        String characters = "0123456789.,-+ kKmMgGtTiIbBeExX\u0000é";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(60); length > 0; length--) {
                text.append(characters.charAt(random.nextInt(characters.length())));
            }
            try {
                assertThat(ByteSize.parse(text.toString()).bytes()).isNotNegative();
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).hasSizeLessThan(200);
            }
        }
    }
}
