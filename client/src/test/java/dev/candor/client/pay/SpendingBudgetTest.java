package dev.candor.client.pay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpendingBudgetTest {
    private static final SpendingLimits LIMITS = new SpendingLimits(BigInteger.valueOf(100), BigInteger.valueOf(250));
    private static final String HOST = "127.0.0.1:8080";
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void refusesARequestAboveItsLimitAndSetsNothingAside() throws Exception {
        SpendingBudget budget = budget(NOON);
        assertThatThrownBy(() -> budget.reserve(HOST, BigInteger.valueOf(101)))
                .isInstanceOf(SpendingLimitException.class)
                .hasMessageContaining("up to 0.000000000000000101 OPG")
                .hasMessageContaining("limit is 0.0000000000000001 OPG")
                .hasMessageContaining("withPerRequest in the SDK, --max-per-request on the command line");
        assertThat(budget.spentToday()).isZero();
    }

    @Test
    void takesNoNegativeCapWhichWouldMakeRoomForOthers() throws Exception {
        SpendingBudget budget = budget(NOON);
        budget.reserve(HOST, BigInteger.valueOf(100));
        assertThatThrownBy(() -> budget.reserve(HOST, BigInteger.valueOf(-90))).isInstanceOf(IllegalArgumentException.class);
        assertThat(budget.spentToday()).isEqualTo(100);
    }

    @Test
    void refusesWhatWouldPassTheDaysLimitCountingCapsUntilTheChargeIsKnown() throws Exception {
        SpendingBudget budget = budget(NOON);
        budget.reserve(HOST, BigInteger.valueOf(100));
        budget.reserve(HOST, BigInteger.valueOf(100));
        assertThatThrownBy(() -> budget.reserve(HOST, BigInteger.valueOf(60)))
                .isInstanceOf(SpendingLimitException.class)
                .hasMessageContaining("0.00000000000000026 OPG")
                .hasMessageContaining("withPerDay in the SDK, --max-per-day on the command line");
        budget.charge(HOST, BigInteger.valueOf(100), BigInteger.valueOf(10));
        budget.reserve(HOST, BigInteger.valueOf(60));
        assertThat(budget.spentToday()).isEqualTo(170);
    }

    @Test
    void keepsOneNodeFromTakingTheWholeDay() throws Exception {
        SpendingBudget budget = SpendingBudget.inMemory(new SpendingLimits(BigInteger.valueOf(100), BigInteger.valueOf(250), BigInteger.valueOf(120)), NOON);
        budget.reserve(HOST, BigInteger.valueOf(100));
        assertThatThrownBy(() -> budget.reserve(HOST, BigInteger.valueOf(30)))
                .isInstanceOfSatisfying(SpendingLimitException.class, e -> {
                    assertThat(e.limit()).isEqualTo(SpendingLimitException.Limit.HOST);
                    assertThat(e.asked()).isEqualTo(130);
                    assertThat(e.allowed()).isEqualTo(120);
                })
                .hasMessageContaining(HOST);
        budget.reserve("10.0.0.2:8080", BigInteger.valueOf(30));
        assertThat(budget.spentToday()).isEqualTo(130);
        assertThat(budget.spentToday(HOST)).isEqualTo(100);
    }

    @Test
    void takesACountOfBeforeNodesWereCountedApart() throws Exception {
        Files.writeString(file(), "2026-11-21 200\n");
        SpendingBudget budget = budget(NOON);
        budget.reserve(HOST, BigInteger.valueOf(50));
        assertThat(budget.spentToday()).isEqualTo(250);
        assertThat(Files.readString(file())).isEqualTo("2026-11-21 250\n" + HOST + " 50\n");
    }

    @Test
    void countsTheClientsOfOneProcessThatPayAtTheSameTime() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> payments = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                SpendingBudget one = budget(NOON);
                payments.add(threads.submit(() -> {
                    one.reserve(HOST, BigInteger.TEN);
                    return null;
                }));
            }
            for (Future<?> payment : payments) {
                payment.get();
            }
        }
        assertThat(budget(NOON).spentToday(HOST)).isEqualTo(200);
    }

    @Test
    void remembersTodaysSpendingAcrossARestartAndForgetsItTomorrow() throws Exception {
        budget(NOON).reserve(HOST, BigInteger.valueOf(90));
        assertThat(budget(NOON).spentToday()).isEqualTo(90);
        assertThat(budget(Clock.offset(NOON, Duration.ofHours(12))).spentToday()).isZero();
    }

    @Test
    void countsWhatAnotherProcessWithTheSameWalletSpends() throws Exception {
        SpendingBudget one = budget(NOON);
        SpendingBudget other = budget(NOON);
        one.reserve(HOST, BigInteger.valueOf(100));
        other.reserve(HOST, BigInteger.valueOf(100));
        assertThatThrownBy(() -> one.reserve(HOST, BigInteger.valueOf(60))).isInstanceOf(SpendingLimitException.class);
        assertThat(one.spentToday()).isEqualTo(200);
    }

    @Test
    void keepsItsCountFromOtherUsersOfTheMachineAndLeavesNothingBeside() throws Exception {
        assumeThat(Files.getFileStore(folder).supportsFileAttributeView("posix")).isTrue();
        Files.writeString(file(), "2026-11-21 5\n");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        budget(NOON).reserve(HOST, BigInteger.valueOf(90));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file()))).isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(file(), folder.resolve("spending.lock"));
        }
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
