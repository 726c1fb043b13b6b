package dev.candor.settlement.ledger;

import static dev.candor.settlement.ledger.LedgerFixture.ALICE;
import static dev.candor.settlement.ledger.LedgerFixture.BOB;
import static dev.candor.settlement.ledger.LedgerFixture.CAP;
import static dev.candor.settlement.ledger.LedgerFixture.NO_LIMIT;
import static dev.candor.settlement.ledger.LedgerFixture.commit;
import static dev.candor.settlement.ledger.LedgerFixture.key;
import static dev.candor.settlement.ledger.LedgerFixture.receiptId;
import static dev.candor.settlement.ledger.LedgerFixture.reservation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.settlement.ledger.ReserveOutcome.Bound;
import dev.candor.settlement.ledger.ReserveOutcome.OverLimit;
import dev.candor.settlement.ledger.ReserveOutcome.Reserved;
import dev.candor.settlement.ledger.ReserveOutcome.Taken;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a ledger does, whichever database holds it. */
abstract class LedgerContract {
    private static final Instant NOW = Instant.parse("2026-11-21T11:00:00Z");
    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private SqlDatabase database;
    private SqlLedger ledger;

    /** Opens the same empty database again and again. */
    abstract SqlDatabase openDatabase();

    @BeforeEach
    void open() {
        database = openDatabase();
        ledger = new SqlLedger(database, clock);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void reservesAnAuthorizationOnce() {
        assertThat(reserve(ALICE, 1)).isInstanceOf(Reserved.class);

        assertThat(reserve(ALICE, 1)).isInstanceOfSatisfying(Taken.class, taken -> {
            assertThat(taken.payment().state()).isEqualTo(PaymentState.RESERVED);
            assertThat(taken.payment().bodyDigest()).isEqualTo(LedgerFixture.body(1));
        });
        assertThat(reserve(BOB, 1)).isInstanceOf(Reserved.class);
    }

    @Test
    void reservesOnlyOneOfFiftyParallelCopies() {
        List<CompletableFuture<ReserveOutcome>> attempts = IntStream.range(0, 50)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> reserve(ALICE, 7)))
                .toList();

        assertThat(attempts.stream().map(CompletableFuture::join).filter(Reserved.class::isInstance)).hasSize(1);
    }

    @Test
    void readsBackWhatItWrote() {
        reserve(ALICE, 5);

        Payment payment = ledger.payment(key(ALICE, 5)).orElseThrow();

        assertThat(payment).isEqualTo(new Payment(key(ALICE, 5), PaymentState.RESERVED, CAP, BigInteger.ZERO,
                LedgerFixture.DEADLINE.plusSeconds(5), LedgerFixture.body(5), "{\"n\":5}", Optional.empty(), Optional.empty(),
                Optional.empty(), NOW));
        assertThat(ledger.payment(payment.key().id())).contains(payment);
        assertThat(ledger.payment("pay_none")).isEmpty();
    }

    @Test
    void takesAReleasedAuthorizationAgainButNeverAChargedOne() {
        reserve(ALICE, 1);
        ledger.release(key(ALICE, 1), "the model failed").join();
        assertThat(ledger.payment(key(ALICE, 1)).orElseThrow().detail()).contains("the model failed");
        assertThat(reserve(ALICE, 1)).isInstanceOf(Reserved.class);

        charge(ALICE, 1, 10);
        assertThat(reserve(ALICE, 1)).isInstanceOf(Taken.class);
        move(1, PaymentState.CHARGED, PaymentState.SETTLING, "0x01");
        assertThat(reserve(ALICE, 1)).isInstanceOf(Taken.class);
        move(1, PaymentState.SETTLING, PaymentState.SETTLED, "0x01");
        assertThat(reserve(ALICE, 1)).isInstanceOf(Taken.class);

        reserve(ALICE, 2);
        charge(ALICE, 2, 10);
        ledger.transition(key(ALICE, 2), PaymentState.CHARGED, PaymentState.WRITTEN_OFF, Optional.empty(), Optional.of("lapsed")).join();
        assertThat(reserve(ALICE, 2)).isInstanceOf(Taken.class);
    }

    @Test
    void holdsThePayersUnsettledCapsWithinThePayersLimit() {
        BigInteger limit = CAP.multiply(BigInteger.TWO);
        assertThat(reserve(ALICE, 1, limit, NO_LIMIT)).isInstanceOf(Reserved.class);
        assertThat(reserve(ALICE, 2, limit, NO_LIMIT)).isInstanceOf(Reserved.class);
        charge(ALICE, 2, 1);
        assertThat(reserve(ALICE, 3, limit, NO_LIMIT)).isInstanceOfSatisfying(OverLimit.class,
                over -> assertThat(over.bound()).isEqualTo(Bound.PAYER));
        assertThat(ledger.payment(key(ALICE, 3))).isEmpty();
        assertThat(reserve(BOB, 3, limit, NO_LIMIT)).isInstanceOf(Reserved.class);

        move(2, PaymentState.CHARGED, PaymentState.SETTLING, "0x02");
        assertThat(reserve(ALICE, 3, limit, NO_LIMIT)).isInstanceOf(OverLimit.class);
        move(2, PaymentState.SETTLING, PaymentState.SETTLED, "0x02");
        assertThat(reserve(ALICE, 3, limit, NO_LIMIT)).isInstanceOf(Reserved.class);
        ledger.release(key(ALICE, 3), "failed").join();
        assertThat(reserve(ALICE, 4, limit, NO_LIMIT)).isInstanceOf(Reserved.class);
    }

    @Test
    void holdsAllUnsettledCapsWithinTheTotalLimit() {
        BigInteger limit = CAP.multiply(BigInteger.TWO);
        reserve(ALICE, 1, NO_LIMIT, limit);
        reserve(BOB, 2, NO_LIMIT, limit);

        assertThat(reserve(BOB, 3, NO_LIMIT, limit)).isInstanceOfSatisfying(OverLimit.class,
                over -> assertThat(over.bound()).isEqualTo(Bound.TOTAL));
    }

    @Test
    void letsParallelReservationsNeverPassALimit() {
        BigInteger limit = CAP.multiply(BigInteger.valueOf(10));
        List<CompletableFuture<ReserveOutcome>> attempts = LongStream.range(0, 60)
                .mapToObj(n -> ledger.reserve(reservation(ALICE, n), limit, NO_LIMIT))
                .toList();

        assertThat(attempts.stream().map(CompletableFuture::join).filter(Reserved.class::isInstance)).hasSize(10);
        assertThat(ledger.totals().unsettledCaps()).isEqualTo(limit);
    }

    @Test
    void writesReceiptLeafAndChargeTogether() {
        reserve(ALICE, 1);

        long index = charge(ALICE, 1, 123);

        Payment payment = ledger.payment(key(ALICE, 1)).orElseThrow();
        assertThat(payment.state()).isEqualTo(PaymentState.CHARGED);
        assertThat(payment.charged()).isEqualTo(123);
        assertThat(payment.receipt()).contains(receiptId(1));
        StoredReceipt stored = ledger.receipt(receiptId(1)).orElseThrow();
        assertThat(stored.leafIndex()).isEqualTo(index).isZero();
        assertThat(stored.cose()).isEqualTo(commit(Optional.empty(), 0, 1).cose());
        assertThat(ledger.leaves(0, 10)).containsExactly(commit(Optional.empty(), 0, 1).leaf());
    }

    @Test
    void numbersLeavesWithoutGapsThoughSomeCommitsFail() {
        ledger.appendLeaf(new byte[] {2}).join();
        List<CompletableFuture<Long>> commits = new ArrayList<>();
        for (long n = 0; n < 100; n++) {
            // Every third commit names a payment that was never reserved.
            commits.add(ledger.commit(commit(n % 3 == 0 ? Optional.of(key(ALICE, n)) : Optional.empty(), 0, n)));
        }
        List<Long> indices = commits.stream()
                .filter(commit -> !commit.handle((index, failure) -> failure != null).join())
                .map(CompletableFuture::join)
                .toList();

        assertThat(indices).hasSize(66).isEqualTo(LongStream.rangeClosed(1, 66).boxed().toList());
        assertThat(ledger.leafCount()).isEqualTo(67);
        assertThat(ledger.leaves(60, 100)).hasSize(7);
        assertThat(ledger.totals().receipts()).isEqualTo(66);
    }

    @Test
    void refusesToChargeMoreThanTheCapOrTwiceOrWithoutReservation() {
        reserve(ALICE, 1);
        fails(ledger.commit(commit(Optional.of(key(ALICE, 1)), 1_001, 1)), "over the cap");
        fails(ledger.commit(commit(Optional.of(key(ALICE, 1)), -1, 1)), "over the cap");
        fails(ledger.commit(commit(Optional.empty(), 1, 1)), "over the cap");
        fails(ledger.commit(commit(Optional.of(key(ALICE, 2)), 1, 2)), "no payment");
        charge(ALICE, 1, 1_000);
        fails(ledger.commit(commit(Optional.of(key(ALICE, 1)), 1, 3)), "not reserved");
        fails(ledger.release(key(ALICE, 1), "late"), "not reserved");
        fails(ledger.commit(commit(Optional.empty(), 0, 1)), "in the ledger already");

        assertThat(ledger.leafCount()).isEqualTo(1);
        assertThat(ledger.receipt(receiptId(3))).isEmpty();
    }

    @Test
    void movesAPaymentOnlyFromTheStateItIsIn() {
        reserve(ALICE, 1);
        charge(ALICE, 1, 10);

        assertThat(move(1, PaymentState.SETTLING, PaymentState.SETTLED, "0x01")).isFalse();
        assertThat(move(1, PaymentState.CHARGED, PaymentState.SETTLING, "0x01")).isTrue();
        assertThat(move(1, PaymentState.CHARGED, PaymentState.SETTLING, "0x02")).isFalse();
        assertThat(move(2, PaymentState.CHARGED, PaymentState.SETTLING, "0x02")).isFalse();
        assertThatThrownBy(() -> move(1, PaymentState.RESERVED, PaymentState.SETTLED, "0x01")).isInstanceOf(IllegalArgumentException.class);
        assertThat(ledger.payment(key(ALICE, 1)).orElseThrow().transaction()).contains("0x01");
    }

    @Test
    void settlesAChargeOnlyByATransaction() {
        reserve(ALICE, 1);
        charge(ALICE, 1, 10);
        reserve(ALICE, 2);
        charge(ALICE, 2, 0);

        fails(ledger.transition(key(ALICE, 1), PaymentState.CHARGED, PaymentState.SETTLED, Optional.empty(), Optional.empty()),
                "by a transaction");
        assertThat(ledger.transition(key(ALICE, 2), PaymentState.CHARGED, PaymentState.SETTLED, Optional.empty(), Optional.empty()).join())
                .isTrue();
    }

    @Test
    void takesAReorganisedSettlementBack() {
        reserve(ALICE, 1);
        charge(ALICE, 1, 10);
        move(1, PaymentState.CHARGED, PaymentState.SETTLING, "0x01");
        move(1, PaymentState.SETTLING, PaymentState.SETTLED, "0x01");
        move(1, PaymentState.SETTLED, PaymentState.CHARGED, null);

        assertThat(ledger.payment(key(ALICE, 1)).orElseThrow().transaction()).isEmpty();
        assertThat(ledger.totals().settled()).isZero();
        assertThat(ledger.totals().unsettled()).isEqualTo(10);
        assertThat(ledger.totals().unsettledCaps()).isEqualTo(CAP);
    }

    @Test
    void addsUpWhatIsReservedChargedSettledAndWrittenOff() {
        for (long n = 1; n <= 5; n++) {
            reserve(ALICE, n);
        }
        charge(ALICE, 2, 20);
        charge(ALICE, 3, 300);
        charge(ALICE, 4, 40);
        move(3, PaymentState.CHARGED, PaymentState.SETTLING, "0x03");
        move(3, PaymentState.SETTLING, PaymentState.SETTLED, "0x03");
        ledger.transition(key(ALICE, 4), PaymentState.CHARGED, PaymentState.WRITTEN_OFF, Optional.empty(), Optional.of("lapsed")).join();
        ledger.release(key(ALICE, 5), "failed").join();

        assertThat(ledger.totals()).isEqualTo(new LedgerTotals(CAP, BigInteger.valueOf(20), BigInteger.valueOf(300),
                BigInteger.valueOf(40), CAP.multiply(BigInteger.TWO), 3));
        assertThat(ledger.settledSince(ALICE, NOW)).isEqualTo(300);
        assertThat(ledger.settledSince(ALICE, NOW.plusMillis(1))).isZero();
        assertThat(ledger.settledSince(BOB, NOW)).isZero();
        assertThat(ledger.recent(PaymentState.SETTLED, NOW, 10)).extracting(Payment::state).containsOnly(PaymentState.SETTLED);
        assertThat(ledger.recent(PaymentState.SETTLED, NOW.plusMillis(1), 10)).isEmpty();
    }

    @Test
    void listsDuePaymentsByDeadline() {
        for (long n : new long[] {3, 1, 2}) {
            reserve(ALICE, n);
            charge(ALICE, n, n);
        }

        assertThat(ledger.due(PaymentState.CHARGED, 2)).extracting(Payment::key).containsExactly(key(ALICE, 1), key(ALICE, 2));
        assertThat(ledger.due(PaymentState.SETTLED, 2)).isEmpty();
    }

    @Test
    void releasesWhatACrashLeftReserved() {
        reserve(ALICE, 1);
        reserve(ALICE, 2);
        charge(ALICE, 2, 5);
        reopen();

        assertThat(ledger.recover()).isEqualTo(1);

        assertThat(ledger.payment(key(ALICE, 1)).orElseThrow().state()).isEqualTo(PaymentState.RELEASED);
        assertThat(ledger.payment(key(ALICE, 2)).orElseThrow().state()).isEqualTo(PaymentState.CHARGED);
        assertThat(ledger.recover()).isZero();
        assertThat(ledger.totals().reserved()).isZero();
    }

    @Test
    void keepsEverythingOverAReopening() {
        reserve(ALICE, 1);
        charge(ALICE, 1, 5);
        reopen();

        assertThat(ledger.receipt(receiptId(1))).isPresent();
        assertThat(ledger.commit(commit(Optional.empty(), 0, 2)).join()).isEqualTo(1);
    }

    @Test
    void refusesASecondWriter() {
        assertThatThrownBy(this::openDatabase)
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("in use by another node")
                .hasMessageContaining("stop that node");

        assertThat(reserve(ALICE, 1)).isInstanceOf(Reserved.class);
    }

    @Test
    void refusesTablesOfANewerProgram() {
        database.migrate(new SqlSchema("later", List.of("CREATE TABLE later1 (x BIGINT);", "CREATE TABLE later2 (x BIGINT);\n")));

        assertThatThrownBy(() -> database.migrate(new SqlSchema("later", List.of("CREATE TABLE later1 (x BIGINT)"))))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("version 2")
                .hasMessageContaining("newer program");
    }

    @Test
    void leavesNothingOfAMigrationThatFails() {
        assertThatThrownBy(() -> database.migrate(new SqlSchema("bad", List.of("CREATE TABLE bad1 (x BIGINT);\nNONSENSE;\n"))))
                .isInstanceOf(LedgerException.class);

        database.migrate(new SqlSchema("bad", List.of("CREATE TABLE bad1 (x BIGINT)")));
    }

    @Test
    void undoesWorkThatThrowsWithoutHarmToTheWorkBesideIt() {
        database.migrate(new SqlSchema("notes", List.of("CREATE TABLE notes (x BIGINT PRIMARY KEY)")));
        List<CompletableFuture<Integer>> inserts = new ArrayList<>();
        for (int value : new int[] {1, 2, 2, 3}) {
            inserts.add(database.write(connection -> {
                try (var insert = connection.prepareStatement("INSERT INTO notes VALUES (?)")) {
                    insert.setInt(1, value);
                    return insert.executeUpdate();
                }
            }));
        }
        inserts.add(database.write(connection -> {
            connection.createStatement().execute("INSERT INTO notes VALUES (9)");
            throw new IllegalStateException("on purpose");
        }));

        assertThat(inserts.stream().map(insert -> insert.handle((rows, failure) -> failure == null).join()))
                .isEqualTo(Arrays.asList(true, true, false, true, false));
        assertThat(database.<Integer>read(connection -> {
            try (var rows = connection.createStatement().executeQuery("SELECT COUNT(*) FROM notes")) {
                rows.next();
                return rows.getInt(1);
            }
        })).isEqualTo(3);
    }

    @Test
    void writesWhatIsQueuedBeforeItCloses() {
        List<CompletableFuture<Long>> commits = LongStream.range(0, 500).mapToObj(n -> ledger.commit(commit(Optional.empty(), 0, n))).toList();
        ledger.close();

        assertThat(commits).allSatisfy(commit -> assertThat(commit.join()).isNotNegative());
        ledger.close();
        fails(ledger.appendLeaf(new byte[1]), "closed");
        assertThatThrownBy(ledger::leafCount).isInstanceOf(LedgerException.class).hasMessageContaining("closed");
        open();
        assertThat(ledger.leafCount()).isEqualTo(500);
    }

    private void reopen() {
        ledger.close();
        open();
    }

    private ReserveOutcome reserve(EvmAddress payer, long n) {
        return reserve(payer, n, NO_LIMIT, NO_LIMIT);
    }

    private ReserveOutcome reserve(EvmAddress payer, long n, BigInteger payerLimit, BigInteger totalLimit) {
        return ledger.reserve(reservation(payer, n), payerLimit, totalLimit).join();
    }

    private long charge(EvmAddress payer, long n, long amount) {
        return ledger.commit(commit(Optional.of(key(payer, n)), amount, n)).join();
    }

    private boolean move(long n, PaymentState from, PaymentState to, String transaction) {
        return ledger.transition(key(ALICE, n), from, to, Optional.ofNullable(transaction), Optional.empty()).join();
    }

    private static void fails(CompletableFuture<?> written, String message) {
        assertThatThrownBy(written::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(LedgerException.class)
                .hasMessageContaining(message);
    }
}
