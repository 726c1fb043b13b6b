package dev.candor.settlement.ledger;

import static dev.candor.settlement.ledger.LedgerFixture.ALICE;
import static dev.candor.settlement.ledger.LedgerFixture.NO_LIMIT;
import static dev.candor.settlement.ledger.LedgerFixture.commit;
import static dev.candor.settlement.ledger.LedgerFixture.key;
import static dev.candor.settlement.ledger.LedgerFixture.reservation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlWriterTest {
    @TempDir
    private Path folder;

    @Test
    void refusesWritesWhileItsQueueIsFullAndTakesThemAgainAfterwards() {
        try (SqlDatabase database = SqlDatabase.open(folder.resolve("ledger.db"), 3, 1_000)) {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            CompletableFuture<Integer> slow = database.write(connection -> {
                started.countDown();
                awaitLatch(goOn);
                return 0;
            });
            awaitLatch(started);
            List<CompletableFuture<Integer>> queued = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                int value = i;
                queued.add(database.write(connection -> value));
            }

            assertThatThrownBy(() -> SqlDatabase.<Integer>await(database.write(connection -> 4)))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("queue is full");
            goOn.countDown();
            assertThat(slow.join()).isZero();
            assertThat(queued.stream().map(CompletableFuture::join)).containsExactly(1, 2, 3);
            assertThat(database.write(connection -> 5).join()).isEqualTo(5);
        }
    }

    @Test
    void losesNothingAndGoesOnRefusingWhileTheDiskIsFull() {
        Path file = folder.resolve("ledger.db");
        long kept = 0;
        try (SqlDatabase database = SqlDatabase.open(file, 100, 60);
                SqlLedger ledger = new SqlLedger(database, Clock.systemUTC())) {
            ledger.reserve(reservation(ALICE, 1), NO_LIMIT, NO_LIMIT).join();
            while (accepted(ledger.commit(commit(Optional.empty(), 0, 100 + kept)))) {
                kept++;
            }
            assertThat(kept).isPositive();
            CompletableFuture<Long> charge = ledger.commit(commit(Optional.of(key(ALICE, 1)), 1, 1));
            assertThatThrownBy(charge::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(LedgerException.class)
                    .hasMessageContaining("full")
                    .hasMessageContaining("free space");
            assertThat(ledger.payment(key(ALICE, 1)).orElseThrow().state()).isEqualTo(PaymentState.RESERVED);
            assertThat(ledger.leafCount()).isEqualTo(kept);

            freeDisk(database);
            assertThat(ledger.commit(commit(Optional.of(key(ALICE, 1)), 1, 1)).join()).isEqualTo(kept);
        }
        try (SqlLedger ledger = new SqlLedger(SqlDatabase.open(file), Clock.systemUTC())) {
            assertThat(ledger.leafCount()).isEqualTo(kept + 1);
        }
        // The receipts stand for nothing here, so each is one fault; the books themselves are in order.
        assertThat(LedgerAudit.audit(file, Map.of()).faults()).hasSize((int) kept + 1)
                .allSatisfy(fault -> assertThat(fault).contains("damaged or was altered"));
    }

    @Test
    void goesOnAfterWorkThatFailsWithAnError() {
        try (SqlDatabase database = SqlDatabase.open(folder.resolve("ledger.db"))) {
            CompletableFuture<Integer> broken = database.write(connection -> {
                throw new StackOverflowError("on purpose");
            });

            assertThatThrownBy(broken::join).hasCauseInstanceOf(LedgerException.class).hasMessageContaining("on purpose");
            assertThat(database.write(connection -> 1).join()).isEqualTo(1);
        }
    }

    @Test
    void keepsTheLedgerToItsOwner() throws Exception {
        Path file = folder.resolve("ledger.db");
        SqlDatabase.open(file).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @Test
    void saysWhereALedgerCannotBe() throws Exception {
        Path text = Files.writeString(folder.resolve("text.db"), "no database".repeat(1000));

        assertThatThrownBy(() -> SqlDatabase.open(text)).isInstanceOf(LedgerException.class).hasMessageContaining(text.toString());
        assertThatThrownBy(() -> SqlDatabase.open(text.resolve("below.db"))).isInstanceOf(LedgerException.class);
        assertThatThrownBy(() -> SqlDatabase.open("jdbc:oracle:x")).isInstanceOf(LedgerException.class).hasMessageContaining("jdbc:postgresql:");
    }

    @Test
    void commitsManyWritesInFewFlushes() {
        int writes = 2_000;
        try (SqlLedger ledger = new SqlLedger(SqlDatabase.open(folder.resolve("ledger.db")), Clock.systemUTC())) {
            List<CompletableFuture<Long>> all = new ArrayList<>();
            for (int n = 0; n < writes; n++) {
                all.add(ledger.commit(commit(Optional.empty(), 0, n)));
            }
            all.forEach(CompletableFuture::join);
            assertThat(ledger.leafCount()).isEqualTo(writes);
        }
    }

    private static boolean accepted(CompletableFuture<Long> commit) {
        return commit.handle((index, failure) -> failure == null).join();
    }

    private static void freeDisk(SqlDatabase database) {
        SqlDatabase.await(database.write(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA max_page_count = 100000");
            }
            return null;
        }));
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
