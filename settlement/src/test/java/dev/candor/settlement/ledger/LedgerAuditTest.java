package dev.candor.settlement.ledger;

import static dev.candor.settlement.ledger.LedgerFixture.ALICE;
import static dev.candor.settlement.ledger.LedgerFixture.NO_LIMIT;
import static dev.candor.settlement.ledger.LedgerFixture.key;
import static dev.candor.settlement.ledger.LedgerFixture.reservation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.LogEntry;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerAuditTest {
    private final ReceiptFixture receipts = new ReceiptFixture(1);
    @TempDir
    private Path folder;
    private Path file;

    /** Payments 1..6: reserved, released, charged, settled, written off, settled for nothing; then one free answer. */
    @BeforeEach
    void fill() {
        file = folder.resolve("ledger.db");
        try (SqlLedger ledger = new SqlLedger(SqlDatabase.open(file), Clock.systemUTC())) {
            ledger.appendLeaf(LogEntry.keyStatement(Digest.sha256(new byte[] {2})).bytes()).join();
            for (long n = 1; n <= 6; n++) {
                ledger.reserve(reservation(ALICE, n), NO_LIMIT, NO_LIMIT).join();
            }
            ledger.release(key(ALICE, 2), "it failed").join();
            for (int n = 3; n <= 6; n++) {
                ledger.commit(receipts.commit(Optional.of(key(ALICE, n)), n == 6 ? 0 : 10 * n, n)).join();
            }
            move(ledger, 4, PaymentState.CHARGED, PaymentState.SETTLING, Optional.of("0x04"));
            move(ledger, 4, PaymentState.SETTLING, PaymentState.SETTLED, Optional.of("0x04"));
            move(ledger, 5, PaymentState.CHARGED, PaymentState.WRITTEN_OFF, Optional.empty());
            move(ledger, 6, PaymentState.CHARGED, PaymentState.SETTLED, Optional.empty());
            ledger.commit(receipts.commit(Optional.empty(), 7, 7)).join();
        }
    }

    @Test
    void findsNothingInASoundLedgerAndAddsItUp() {
        LedgerAuditReport report = audit();

        assertThat(report.faults()).isEmpty();
        assertThat(report.sound()).isTrue();
        assertThat(report.leaves()).isEqualTo(6);
        assertThat(report.receipts()).isEqualTo(5);
        assertThat(report.payments()).isEqualTo(Map.of(PaymentState.RESERVED, 1L, PaymentState.RELEASED, 1L, PaymentState.CHARGED, 1L,
                PaymentState.SETTLED, 2L, PaymentState.WRITTEN_OFF, 1L));
        assertThat(report.totals()).isEqualTo(new LedgerTotals(LedgerFixture.CAP, BigInteger.valueOf(30), BigInteger.valueOf(40),
                BigInteger.valueOf(50), LedgerFixture.CAP.multiply(BigInteger.TWO), 5));
        assertThat(report.charged()).isEqualTo(120);
        assertThat(report.writtenOff()).singleElement().asString().contains("50 of " + ALICE);
    }

    @Test
    void readsALedgerThatANodeHasOpen() {
        try (SqlLedger ledger = new SqlLedger(SqlDatabase.open(file), Clock.systemUTC())) {
            ledger.commit(receipts.commit(Optional.empty(), 8, 8)).join();

            assertThat(audit().faults()).isEmpty();
            assertThat(audit().receipts()).isEqualTo(6);
        }
    }

    @Test
    void believesReceiptsOnlyOfTheKeysThatAttestationsBind() {
        Map<EvmAddress, byte[]> right = Map.of(receipts.key.address(), receipts.key.compressedPublicKey());
        ReceiptFixture other = new ReceiptFixture(2);
        Map<EvmAddress, byte[]> wrong = Map.of(other.key.address(), other.key.compressedPublicKey());

        assertThat(LedgerAudit.audit(file, right).faults()).isEmpty();
        assertThat(LedgerAudit.audit(file, wrong).faults()).hasSize(5).allSatisfy(fault ->
                assertThat(fault).contains("the key of no stored attestation"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "UPDATE payments SET charged = '31' WHERE charged = '30'                          | the table says",
        "UPDATE payments SET state = 'RELEASED' WHERE state = 'CHARGED'                   | the table says",
        "UPDATE payments SET state = 'NONSENSE' WHERE state = 'CHARGED'                   | the table says",
        "UPDATE payments SET tx = '0x05' WHERE tx = '0x04'                                | the table says",
        "UPDATE payments SET payload = '{}' WHERE payload = '{\"n\":3}'                   | the table says",
        "DELETE FROM payments WHERE state = 'RESERVED'                                    | are missing in the table",
        "UPDATE payments SET id = 'pay_other' WHERE state = 'RESERVED'                    | in no journal entry",
        "UPDATE sums SET amount = '29' WHERE name = 'unsettled'                           | the sum unsettled is 29",
        "DELETE FROM sums WHERE name = 'settled'                                          | the sum settled is 0",
        "UPDATE leaves SET leaf = zeroblob(33) WHERE idx = 2                              | leaf 2 is missing or other bytes",
        "DELETE FROM leaves WHERE idx = 3                                                 | leaf 3 is missing or other bytes",
        "DELETE FROM leaves WHERE idx = 5                                                 | leaf 5 is missing or other bytes",
        "INSERT INTO leaves VALUES (6, zeroblob(33))                                      | leaf 6 is in no journal entry",
        "DELETE FROM receipts WHERE leaf = 2                                              | is missing or at another leaf",
        "UPDATE receipts SET payment = NULL WHERE leaf = 2                                | is for the payment null",
        "UPDATE receipts SET cose = zeroblob(10) WHERE leaf = 2                           | other bytes than were committed",
        "UPDATE journal SET entry = replace(entry, '\"charged\":\"30\"', '\"charged\":\"3\"') | one was changed",
        "UPDATE journal SET hash = replace(hash, substr(hash, 1, 1), '-') WHERE seq = 5   | one was changed",
        "DELETE FROM journal WHERE seq = 4                                                | journal entry 4 is missing",
        "DELETE FROM journal WHERE seq = (SELECT MAX(seq) FROM journal)                   | in no journal entry",
        "UPDATE journal SET entry = 'x' WHERE seq = 3                                     | not JSON",
    })
    void findsEveryTableThatWasChanged(String sql, String fault) throws SQLException {
        change(sql);

        assertThat(audit().faults()).anySatisfy(found -> assertThat(found).contains(fault));
    }

    @Test
    void findsEventsThatCannotHappenThoughTheChainIsWhole() throws SQLException {
        rewrite(JournalEntry.reserve(reservation(ALICE, 3)).put("at", 1).toString(), "taken a second time while CHARGED");
        rewrite(JournalEntry.release(key(ALICE, 4), "late").put("at", 1).toString(), "released while SETTLED");
        rewrite(JournalEntry.move(key(ALICE, 3), PaymentState.CHARGED, PaymentState.RESERVED, Optional.empty(), Optional.empty())
                .put("at", 1).toString(), "from CHARGED to RESERVED");
        rewrite(JournalEntry.move(key(ALICE, 3), PaymentState.CHARGED, PaymentState.SETTLED, Optional.empty(), Optional.empty())
                .put("at", 1).toString(), "settled without a transaction");
        rewrite(JournalEntry.commit(receipts.commit(Optional.of(key(ALICE, 1)), 1_001, 9), 6).put("at", 1).toString(), "over its cap");
        rewrite(JournalEntry.commit(receipts.commit(Optional.of(key(ALICE, 9)), 1, 9), 6).put("at", 1).toString(), "never reserved");
        rewrite(JournalEntry.commit(receipts.commit(Optional.of(key(ALICE, 1)), 1, 9), 8).put("at", 1).toString(), "leaf index 8 where 6");
        rewrite("{\"event\":\"party\"}", "unknown event");
        rewrite("{\"event\":\"reserve\"}", "malformed");
        rewrite("[]", "malformed");
    }

    @Test
    void findsAReceiptThatChargesAnotherAmountThanItsPayment() {
        try (SqlLedger ledger = new SqlLedger(SqlDatabase.open(file), Clock.systemUTC())) {
            ReceiptCommit honest = receipts.commit(Optional.of(key(ALICE, 1)), 5, 1);
            ledger.commit(new ReceiptCommit(honest.payment(), BigInteger.valueOf(6), honest.receipt(), honest.cose(), honest.leaf())).join();
        }
        assertThat(audit().faults()).singleElement().asString().contains("its amount is 5, the payment's is 6");
    }

    @Test
    void findsAReceiptWhoseSignatureOrLeafIsNotItsOwn() {
        ReceiptCommit forged = receipts.commit(Optional.empty(), 5, 11);
        byte[] cose = forged.cose();
        cose[cose.length - 1] ^= 1;
        ReceiptCommit misplaced = receipts.commit(Optional.empty(), 5, 12);
        try (SqlLedger ledger = new SqlLedger(SqlDatabase.open(file), Clock.systemUTC())) {
            ledger.commit(new ReceiptCommit(Optional.empty(), BigInteger.ZERO, forged.receipt(), cose, LogEntry.receipt(cose).bytes())).join();
            ledger.commit(new ReceiptCommit(Optional.empty(), BigInteger.ZERO, misplaced.receipt(), misplaced.cose(), forged.leaf())).join();
        }
        assertThat(audit().faults()).hasSize(2)
                .anySatisfy(fault -> assertThat(fault).contains("signature was not made by"))
                .anySatisfy(fault -> assertThat(fault).contains("does not log it"));
    }

    @Test
    void findsADamagedFile() throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        for (int at = 4096 * 3; at < 4096 * 3 + 400; at++) {
            bytes[at] ^= 0x5a;
        }
        Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);

        try {
            assertThat(audit().sound()).isFalse();
        } catch (LedgerException e) {
            assertThat(e).hasMessageContaining("cannot read");
        }
    }

    @Test
    void saysWhereThereIsNoLedger() throws Exception {
        Path none = folder.resolve("none.db");
        Path text = Files.writeString(folder.resolve("text.db"), "this is not a database at all".repeat(100));

        assertThatThrownBy(() -> LedgerAudit.audit(none, Map.of())).isInstanceOf(LedgerException.class).hasMessageContaining("no ledger at");
        assertThatThrownBy(() -> LedgerAudit.audit(text, Map.of())).isInstanceOf(LedgerException.class).hasMessageContaining("cannot read");
        assertThat(none).doesNotExist();
    }

    /** Appends an entry whose hash is right, audits, and takes it away again. */
    private void rewrite(String entry, String fault) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var last = statement.executeQuery("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")) {
            long seq = last.getLong(1) + 1;
            String text = entry.startsWith("{\"event\":\"") ? entry.substring(0, entry.length() - 1) + ",\"seq\":" + seq + "}" : entry;
            try (var insert = connection.prepareStatement("INSERT INTO journal VALUES (?, ?, ?)")) {
                insert.setLong(1, seq);
                insert.setString(2, text);
                insert.setString(3, JournalEntry.hash(last.getString(2), text));
                insert.executeUpdate();
            }
        }
        assertThat(audit().faults()).as(entry).anySatisfy(found -> assertThat(found).contains(fault));
        change("DELETE FROM journal WHERE seq = (SELECT MAX(seq) FROM journal)");
        assertThat(audit().faults()).isEmpty();
    }

    private void change(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    private LedgerAuditReport audit() {
        return LedgerAudit.audit(file, Map.of());
    }

    private static void move(SqlLedger ledger, long n, PaymentState from, PaymentState to, Optional<String> transaction) {
        assertThat(ledger.transition(key(ALICE, n), from, to, transaction, Optional.empty()).join()).isTrue();
    }
}
