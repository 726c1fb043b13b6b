package dev.candor.client.pay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpendingBudgetTest {
    private static final SpendingLimits LIMITS = new SpendingLimits(BigInteger.valueOf(100), BigInteger.valueOf(250));
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void refusesARequestAboveItsLimitAndSetsNothingAside() throws Exception {
        SpendingBudget budget = budget(NOON);
        assertThatThrownBy(() -> budget.reserve(BigInteger.valueOf(101)))
                .isInstanceOf(SpendingLimitException.class)
                .hasMessageContaining("up to 0.000000000000000101 OPG")
                .hasMessageContaining("limit is 0.0000000000000001 OPG")
                .hasMessageContaining("--max-per-request");
        assertThat(budget.spentToday()).isZero();
    }

    @Test
    void refusesWhatWouldPassTheDaysLimitCountingCapsUntilTheChargeIsKnown() throws Exception {
        SpendingBudget budget = budget(NOON);
        budget.reserve(BigInteger.valueOf(100));
        budget.reserve(BigInteger.valueOf(100));
        assertThatThrownBy(() -> budget.reserve(BigInteger.valueOf(60)))
                .isInstanceOf(SpendingLimitException.class)
                .hasMessageContaining("0.00000000000000026 OPG")
                .hasMessageContaining("--max-per-day");
        budget.charge(BigInteger.valueOf(100), BigInteger.valueOf(10));
        budget.reserve(BigInteger.valueOf(60));
        assertThat(budget.spentToday()).isEqualTo(170);
    }

    @Test
    void remembersTodaysSpendingAcrossARestartAndForgetsItTomorrow() throws Exception {
        budget(NOON).reserve(BigInteger.valueOf(90));
        assertThat(budget(NOON).spentToday()).isEqualTo(90);
        assertThat(budget(Clock.offset(NOON, Duration.ofHours(12))).spentToday()).isZero();
    }

    @Test
    void countsWhatAnotherProcessWithTheSameWalletSpends() throws Exception {
        SpendingBudget one = budget(NOON);
        SpendingBudget other = budget(NOON);
        one.reserve(BigInteger.valueOf(100));
        other.reserve(BigInteger.valueOf(100));
        assertThatThrownBy(() -> one.reserve(BigInteger.valueOf(60))).isInstanceOf(SpendingLimitException.class);
        assertThat(one.spentToday()).isEqualTo(200);
    }

    @Test
    void saysWhichFileIsDamaged() throws Exception {
        Files.writeString(file(), "yesterday lots\n");
        assertThatThrownBy(() -> budget(NOON))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("delete it");
    }

    private SpendingBudget budget(Clock clock) throws IOException {
        return new SpendingBudget(LIMITS, file(), clock);
    }

    private Path file() {
        return folder.resolve("spending");
    }
}
