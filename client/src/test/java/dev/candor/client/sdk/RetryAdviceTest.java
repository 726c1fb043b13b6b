package dev.candor.client.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAdviceTest {
    private final RetryAdvice advice = new RetryAdvice(RetryPolicy.standard(3));

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void triesAgainWhatMayPass(int status) {
        assertThat(advice.wait(answer(status, Map.of(), ""), false, 0)).contains(Duration.ofMillis(300));
        assertThat(advice.wait(answer(status, Map.of(), ""), false, 2)).contains(Duration.ofMillis(1200));
        assertThat(advice.wait(answer(status, Map.of(), ""), false, 3)).as("no fourth time").isEmpty();
        assertThat(advice.wait(answer(status, Map.of("x-should-retry", "false"), ""), true, 0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 402, 404, 409, 413})
    void leavesTheRestAsItIsUnlessTheNodeSaysOtherwise(int status) {
        assertThat(advice.wait(answer(status, Map.of(), ""), true, 0)).isEmpty();
        if (status >= 400) {
            assertThat(advice.wait(answer(status, Map.of("x-should-retry", "true"), ""), true, 0)).isPresent();
        }
    }

    @Test
    void waitsForItsOwnPaymentThatIsAtWork() {
        NodeAnswer inUse = answer(409, Map.of("retry-after", "2"), "{\"error\":{\"code\":\"payment_in_use\"}}");
        assertThat(advice.wait(inUse, true, 0)).contains(Duration.ofSeconds(2));
        assertThat(advice.wait(inUse, false, 0)).isEmpty();
        assertThat(new RetryAdvice(RetryPolicy.connections()).wait(inUse, true, 0)).contains(Duration.ofSeconds(2));
        assertThat(new RetryAdvice(RetryPolicy.connections()).wait(answer(503, Map.of(), ""), true, 0)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "2, 2000", "1.5, 1500", "30, 30000"})
    void waitsAsLongAsTheNodeWants(String seconds, long millis) {
        assertThat(advice.wait(answer(429, Map.of("retry-after", seconds), ""), true, 0)).contains(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"31", "999999999"})
    void doesNotWaitForHours(String seconds) {
        assertThat(advice.wait(answer(429, Map.of("retry-after", seconds), ""), true, 0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "", "1e9", "99999999999999999999", "Wed, 21 Oct 2015 07:28:00 GMT"})
    void takesItsOwnTimeWhereTheNodesCannotBeRead(String value) {
        assertThat(advice.wait(answer(429, Map.of("retry-after", value), ""), true, 0)).contains(Duration.ofMillis(300));
    }

    private static NodeAnswer answer(int status, Map<String, String> headers, String body) {
        Map<String, List<String>> lists = headers.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> List.of(entry.getValue())));
        return new NodeAnswer(status, HttpHeaders.of(lists, (name, value) -> true), body.getBytes(StandardCharsets.UTF_8));
    }
}
