package dev.candor.settlement.ledger;

import static dev.candor.settlement.ledger.LedgerFixture.ALICE;
import static dev.candor.settlement.ledger.LedgerFixture.NO_LIMIT;
import static dev.candor.settlement.ledger.LedgerFixture.key;
import static dev.candor.settlement.ledger.LedgerFixture.reservation;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a real process with SIGKILL at points of its work on one ledger, and holds the ledger to its word. */
class LedgerCrashTest {
    private static final int MOST_LINES_BEFORE_A_KILL = 80;
    private static final long NUMBERS_PER_RUN = 1_000_000;

    private final Map<Long, String> lastWord = new HashMap<>();
    @TempDir
    private Path folder;

    /** Before anything is confirmed, at the first writes, among them, and when there are many. */
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void keepsEveryConfirmedWriteOverKillsBeforeAtAndAmongThem() throws Exception {
        kill(0, 1, 2, 9, 30, MOST_LINES_BEFORE_A_KILL);
    }

    @Test
    @Tag("soak")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void keepsEveryConfirmedWriteOverAHundredKills() throws Exception {
        kill(new Random(20).ints(100, 0, MOST_LINES_BEFORE_A_KILL).toArray());
    }

    private void kill(int... linesBefore) throws Exception {
        Path file = folder.resolve("ledger.db");
        for (int run = 0; run < linesBefore.length; run++) {
            runAndKill(file, run, linesBefore[run]);
            assertThat(LedgerAudit.audit(file, Map.of()).faults()).as("after kill " + run).isEmpty();
        }
        try (SqlLedger ledger = new SqlLedger(SqlDatabase.open(file), Clock.systemUTC())) {
            ledger.recover();
            lastWord.forEach((n, line) -> check(ledger, n, line));
            assertThat(ledger.leafCount()).isEqualTo(ledger.totals().receipts());
            assertThat(ledger.totals().reserved()).isZero();
        }
        assertThat(LedgerAudit.audit(file, Map.of()).faults()).isEmpty();
        assertThat(lastWord.values()).anyMatch(line -> line.startsWith("committed"));
    }

    private static void check(SqlLedger ledger, long n, String line) {
        Payment payment = ledger.payment(key(ALICE, n)).orElseThrow(() -> new AssertionError("lost: " + line));
        String[] words = line.split(" ");
        switch (words[0]) {
            case "committed" -> {
                assertThat(payment.state()).as(line).isEqualTo(PaymentState.CHARGED);
                assertThat(payment.charged()).as(line).isEqualTo(new BigInteger(words[2]));
                assertThat(ledger.receipt(payment.receipt().orElseThrow()).orElseThrow().leafIndex())
                        .as(line).isEqualTo(Long.parseLong(words[3]));
                assertThat(ledger.reserve(reservation(ALICE, n), NO_LIMIT, NO_LIMIT).join())
                        .as(line).isInstanceOf(ReserveOutcome.Taken.class);
            }
            case "released" -> assertThat(payment.state()).as(line).isEqualTo(PaymentState.RELEASED);
            // The kill came before the next word: what was not confirmed may have happened or not, but nothing in between.
            default -> assertThat(payment.state()).as(line).isIn(PaymentState.RELEASED, PaymentState.CHARGED);
        }
    }

    private void runAndKill(Path file, int run, int lines) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
                        "-cp", System.getProperty("java.class.path"),
                        CrashingLedger.class.getName(), file.toString(), Integer.toString(run), Long.toString(run * NUMBERS_PER_RUN))
                .redirectError(folder.resolve("stderr.txt").toFile())
                .start();
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.readLine()).startsWith("recovered ");
            for (int i = 0; i < lines; i++) {
                remember(output.readLine());
            }
            // SIGKILL; unlike the process object, its handle leaves the pipe open to be read to its end.
            process.toHandle().destroyForcibly();
            // What the process had said before it died counts too.
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                remember(line);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private void remember(String line) {
        assertThat(line).matches("(reserved|released) \\d+|committed \\d+ \\d+ \\d+");
        lastWord.put(Long.parseLong(line.split(" ")[1]), line);
    }
}
