package dev.candor.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorTableTest {
    private static final Pattern ROW = Pattern.compile("\\| (\\d{3}) \\| `(\\w+)` \\| `(\\w+)` \\| (no|\\d+ s) \\|.*\\|");

    @Test
    void theDocumentHasEveryErrorAndNoOther() throws Exception {
        List<String> rows = Files.readAllLines(Path.of(System.getProperty("candor.root"), "docs", "errors.md")).stream()
                .map(ROW::matcher).filter(row -> row.matches())
                .map(row -> String.join(" ", row.group(1), row.group(2), row.group(3), row.group(4))).toList();

        assertThat(rows).containsExactlyElementsOf(Arrays.stream(ErrorCode.values())
                .map(error -> String.join(" ", Integer.toString(error.status()), error.code(), error.type(),
                        error.retryAfter().map(wait -> wait.toSeconds() + " s").orElse("no")))
                .toList());
    }

    @Test
    void noCodeMeansTwoThings() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyErrorHasAllFourMembersAndSaysWhetherToTryAgain(ErrorCode error) {
        ApiException failure = new ApiException(error, "It failed.");

        assertThat(failure.body().path("error").fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
        assertThat(failure.headers()).containsEntry("x-should-retry", Boolean.toString(error.retryAfter().isPresent()));
        assertThat(failure.headers().containsKey("retry-after")).isEqualTo(error.retryAfter().isPresent());
        assertThat(failure.headers().containsKey("retry-after-ms")).isEqualTo(error.retryAfter().isPresent());
    }

    @ParameterizedTest
    @EnumSource(value = ErrorCode.class, names = {"QUEUE_FULL", "RATE_LIMIT_EXCEEDED", "SETTLEMENT_BACKLOG", "DISK_FULL", "UNAVAILABLE", "MODEL_UNAVAILABLE"})
    void whatPassesByItselfMayBeTriedAgain(ErrorCode error) {
        assertThat(error.retryAfter()).isPresent();
    }

    @Test
    void whatIsWrongWithTheRequestOrMightBePaidTwiceMayNot() {
        assertThat(Arrays.stream(ErrorCode.values()).filter(error -> error.status() < 404 || error == ErrorCode.PAYMENT_ALREADY_USED
                        || error == ErrorCode.RECEIPT_UNVERIFIED || error == ErrorCode.NODE_UNAVAILABLE))
                .allSatisfy(error -> assertThat(error.retryAfter()).isEmpty());
    }

    @Test
    void secondsAreRoundedUpAndMillisecondsExact() {
        assertThat(new ApiException(ErrorCode.RATE_LIMIT_EXCEEDED, "Wait.").retryAfter(Duration.ofMillis(1200)).headers())
                .containsEntry("retry-after", "2").containsEntry("retry-after-ms", "1200");
        assertThat(new ApiException(ErrorCode.RATE_LIMIT_EXCEEDED, "Wait.").retryAfter(Duration.ofNanos(1)).headers())
                .containsEntry("retry-after", "1").containsEntry("retry-after-ms", "1");
        assertThat(new ApiException(ErrorCode.INTERNAL, "Charged.").noRetry().headers())
                .containsEntry("x-should-retry", "false").doesNotContainKeys("retry-after", "retry-after-ms");
    }
}
