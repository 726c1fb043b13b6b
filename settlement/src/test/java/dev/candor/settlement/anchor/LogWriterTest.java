package dev.candor.settlement.anchor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.tlog.LogFsck;
import dev.candor.attestation.tlog.LogKey;
import dev.candor.attestation.tlog.LogStateException;
import dev.candor.attestation.tlog.MerkleHash;
import dev.candor.attestation.tlog.TileLog;
import dev.candor.settlement.chain.Eventually;
import dev.candor.settlement.ledger.LeafSource;
import dev.candor.settlement.ledger.SqlDatabase;
import dev.candor.settlement.ledger.SqlLedger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogWriterTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final LogKey key = LogKey.of(new byte[32]);
    private SqlLedger ledger;
    private TileLog log;

    @BeforeEach
    void open() throws IOException {
        ledger = new SqlLedger(SqlDatabase.open(folder.resolve("ledger.db")), Clock.systemUTC());
        log = TileLog.open(folder.resolve("log"), key);
    }

    @AfterEach
    void close() {
        log.close();
        ledger.close();
    }

    @Test
    void everyLeafIsIntegratedInTheLedgersOrder() throws Exception {
        try (LogWriter writer = start(ledger)) {
            for (int batch = 0; batch < 5; batch++) {
                commit(batch * 130, (batch + 1) * 130);
                writer.signal();
            }
            assertThat(writer.awaitSize(650, LIMIT)).isTrue();
            assertThat(writer.integratedSize()).isEqualTo(650);
            assertThat(writer.lag()).isZero();
            assertThat(writer.failure()).isEmpty();
            log.inclusionProof(649, 650).verify(MerkleHash.leaf(leaf(649)), writer.lastCheckpoint().checkpoint().root());
        }
        assertAgrees();
    }

    @Test
    void aLeafIsIntegratedBeforeTheNextOneComes() throws Exception {
        try (LogWriter writer = start(ledger)) {
            writer.awaitSize(0, LIMIT);
            for (int i = 0; i < 5; i++) {
                commit(i, i + 1);
                writer.signal();
                assertThat(writer.awaitSize(i + 1, LIMIT)).as("leaf %s", i).isTrue();
            }
            assertThat(writer.delay()).isZero();
        }
    }

    @Test
    void aLeafThatNobodySignalledIsFoundToo() throws Exception {
        try (LogWriter writer = start(ledger)) {
            commit(0, 3);
            assertThat(writer.awaitSize(3, LIMIT)).isTrue();
        }
    }

    @Test
    void closingIntegratesWhatIsLeft() throws Exception {
        LogWriter writer = start(ledger);
        commit(0, 300);
        writer.close();
        writer.close();

        assertThat(log.size()).isEqualTo(300);
        assertThat(writer.awaitSize(301, LIMIT)).as("a closed writer writes no more").isFalse();
    }

    @Test
    void aStartIntegratesWhatAnEarlierRunLeft() throws Exception {
        commit(0, 300);
        log.append(0, ledger.leaves(0, 260));
        try (LogWriter writer = start(ledger)) {
            assertThat(writer.awaitSize(300, LIMIT)).isTrue();
        }
        assertAgrees();
    }

    @Test
    void aLedgerThatFailsForAWhileDelaysAndLosesNothing() throws Exception {
        FaultyLeaves faulty = new FaultyLeaves(ledger, 3);
        try (LogWriter writer = start(faulty)) {
            commit(0, 10);
            writer.signal();
            faulty.awaitFailures();
            assertThat(writer.awaitSize(10, LIMIT)).isTrue();
            assertThat(writer.failure()).isEmpty();
        }
        assertAgrees();
    }

    @Test
    void aDiskThatFailsForAWhileDelaysAndLosesNothing() throws Exception {
        Path temporary = folder.resolve("log/.tmp");
        try (LogWriter writer = start(ledger)) {
            Files.delete(temporary);
            Files.createFile(temporary);
            commit(0, 10);
            writer.signal();
            Eventually.holds(LIMIT, "the failure is told", () -> writer.failure().filter(told -> told.contains("trying again")).isPresent());
            assertThat(writer.integratedSize()).isZero();
            assertThat(writer.lag()).isEqualTo(10);
            assertThat(writer.delay()).isPositive();
            Files.delete(temporary);
            Files.createDirectory(temporary);
            assertThat(writer.awaitSize(10, LIMIT)).isTrue();
        }
        assertAgrees();
    }

    @Test
    void aWriterWhoseLogWasTamperedWithStops() throws Exception {
        commit(0, 5);
        byte[] empty = Files.readAllBytes(folder.resolve("log/checkpoint"));
        try (LogWriter writer = start(ledger)) {
            assertThat(writer.awaitSize(5, LIMIT)).isTrue();
            Files.write(folder.resolve("log/checkpoint"), empty);
            commit(5, 6);
            writer.signal();
            assertThat(writer.awaitSize(6, LIMIT)).isFalse();
            assertThat(writer.failure()).hasValueSatisfying(failure -> assertThat(failure).contains("takes no more entries"));
        }
    }

    @Test
    void aLogWithMoreEntriesThanTheLedgerIsRefused() throws Exception {
        commit(0, 3);
        log.append(0, List.of(leaf(0), leaf(1), leaf(2), leaf(3)));

        assertThatThrownBy(() -> start(ledger))
                .isInstanceOf(LogStateException.class)
                .hasMessageContaining("the log has 4 entries, but the ledger only 3");
    }

    @Test
    void aLogOfAnotherLedgerIsRefused() throws Exception {
        commit(0, 600);
        List<byte[]> other = new ArrayList<>(ledger.leaves(0, 600));
        other.set(590, leaf(9999));
        log.append(0, other);

        assertThatThrownBy(() -> start(ledger))
                .isInstanceOf(LogStateException.class)
                .hasMessageContaining("entry 590")
                .hasMessageContaining(MerkleHash.leaf(leaf(9999)).hex())
                .hasMessageContaining(MerkleHash.leaf(leaf(590)).hex());
    }

    @Test
    void theAuditComparesEveryEntryBothWays() throws Exception {
        commit(0, 1500);
        List<byte[]> other = new ArrayList<>(ledger.leaves(0, 1400));
        log.append(0, other);
        assertThat(audit().faults()).isEmpty();
        assertThat(audit().pending()).isEqualTo(100);

        other.set(0, leaf(7777));
        other.set(1399, leaf(8888));
        TileLog changed = TileLog.open(folder.resolve("other"), key);
        changed.append(0, other);
        LogAudit.Report report = new LogAudit(changed.reader(), ledger).compare();
        changed.close();

        assertThat(report.faults()).hasSize(2);
        assertThat(report.faults().get(0)).startsWith("entry 0: the log has leaf hash " + MerkleHash.leaf(leaf(7777)).hex());
        assertThat(report.faults().get(1)).startsWith("entry 1399: ");
    }

    @Test
    void theAuditNamesEntriesThatTheLedgerDoesNotHave() throws Exception {
        commit(0, 1);
        log.append(0, List.of(leaf(0), leaf(1), leaf(2)));

        assertThat(audit().faults()).singleElement().asString().contains("entries 1 to 2 have no receipt");
    }

    @Test
    void theAuditCountsFaultsPastTheFirstHundred() throws Exception {
        commit(0, 150);
        List<byte[]> other = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            other.add(leaf(i + 1));
        }
        log.append(0, other);

        assertThat(audit().faults()).hasSize(101).last().isEqualTo("and 50 more");
    }

    private LogWriter start(LeafSource leaves) throws IOException {
        return LogWriter.start(leaves, log, Clock.systemUTC());
    }

    private LogAudit.Report audit() throws IOException {
        return new LogAudit(log.reader(), ledger).compare();
    }

    private void assertAgrees() throws IOException {
        assertThat(audit().faults()).isEmpty();
        assertThat(audit().pending()).isZero();
        assertThat(new LogFsck(folder.resolve("log"), key.verifierKey()).check().faults()).isEmpty();
    }

    private void commit(int from, int to) {
        List<CompletableFuture<Long>> committed = new ArrayList<>();
        for (int i = from; i < to; i++) {
            committed.add(ledger.appendLeaf(leaf(i)));
        }
        for (int i = from; i < to; i++) {
            assertThat(committed.get(i - from).join()).isEqualTo(i);
        }
    }

    private static byte[] leaf(int index) {
        return ("leaf " + index).getBytes(StandardCharsets.UTF_8);
    }
}
