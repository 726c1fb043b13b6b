package dev.candor.inference.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireDurationTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT0.000001S, 1ms",
        "PT0.012S, 12ms",
        "PT0.9990001S, 1s",
        "PT1S, 1s",
        "PT8.64S, 8.64s",
        "PT8.005S, 8.005s",
        "PT59.999S, 59.999s",
        "PT1M, 1m0s",
        "PT6M, 6m0s",
        "PT1M26.4S, 1m26.4s",
        "PT1H, 1h0m0s",
        "PT25H2M3S, 25h2m3s",
    })
    void writesAsOpenAisHeadersDo(Duration duration, String text) {
        assertThat(WireDuration.of(duration)).isEqualTo(text);
    }
}
