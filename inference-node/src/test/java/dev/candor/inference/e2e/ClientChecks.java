package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** What a client's script found out, check by check. */
record ClientChecks(List<Result> results) {
    /** @param error what went wrong; blank if nothing did */
    record Result(String check, String error) {}

    /** Of a list of {@code {check, ok, error}}. */
    static ClientChecks of(JsonNode list) {
        List<Result> results = new ArrayList<>();
        for (JsonNode each : list) {
            results.add(new Result(each.path("check").asText(), each.path("ok").asBoolean() ? "" : each.path("error").asText("failed")));
        }
        assertThat(results).as("checks that ran").isNotEmpty();
        return new ClientChecks(results);
    }

    /** A test for each check. */
    Stream<DynamicTest> tests() {
        return results.stream().map(result -> DynamicTest.dynamicTest(result.check(), () -> assertThat(result.error()).isBlank()));
    }

    void requireAllPassed() {
        assertThat(results).allSatisfy(result -> assertThat(result.error()).as(result.check()).isBlank());
    }
}
