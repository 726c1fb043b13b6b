package dev.candor.attestation.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFaultTest {
    @Test
    void saysOfAWordThatItIsNoNumber() {
        for (String word : new String[] {"NaN", "Infinity", "-Infinity"}) {
            assertThatThrownBy(() -> parse("{\"x\":" + word + "}"))
                    .isInstanceOf(InvalidJsonException.class)
                    .message()
                    .matches(word + " is no JSON number \\(line 1, column \\d+\\)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[+1]", "[.5]", "[5.]", "[01]", "[/* 1 */]", "[# 1]", "['a']", "{a:1}", "[1,]", "[\"\\q\"]", "[\"\n\"]", "[-x]", "[+Infinity]", "[INF]"})
    void namesNoSettingOfTheReader(String json) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(InvalidJsonException.class)
                .satisfies(e -> assertThat(e.getMessage()).isNotBlank().doesNotContainIgnoringCase("ALLOW_").doesNotContain("Feature", "enable"));
    }

    private static void parse(String json) throws InvalidJsonException {
        StrictJson.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
