package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.settlement.ledger.LedgerException;
import dev.candor.settlement.ledger.SqlDatabase;
import java.math.BigInteger;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the outbox expects of any database. */
abstract class OutboxStoreContract {
    private static final EvmAddress TO = EvmAddress.parse("0x" + "cd".repeat(20));
    private static final String HASH = "0x" + "12".repeat(32);

    private SqlDatabase database;
    private SqlOutboxStore store;

    abstract SqlDatabase openDatabase();

    @BeforeEach
    void open() {
        database = openDatabase();
        store = store(1);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private SqlOutboxStore store(long chainId) {
        return new SqlOutboxStore(database, chainId, TestChain.STRANGER, Clock.systemUTC());
    }

    private static SignedTransaction transaction(String digit, long nonce) {
        return new SignedTransaction("0x" + digit.repeat(64), "0xff" + digit, nonce, new Fees(BigInteger.TEN, BigInteger.ONE));
    }

    private OutboxEntry entry(String key) {
        return store.find(key).orElseThrow();
    }

    @Test
    void aCallPassesThroughItsStates() {
        store.add("a", TO, "0x1234");
        assertThat(entry("a").state()).isEqualTo(OutboxState.QUEUED);
        store.markSent(entry("a"), transaction("1", 5));
        store.addAttempt(entry("a"), transaction("2", 5));
        assertThat(entry("a").nonce()).hasValue(5);
        assertThat(store.attempts(entry("a"))).hasSize(2).extracting(found -> found.transaction().fees().maxFee())
                .containsOnly(BigInteger.TEN);
        store.markLost(entry("a"), OptionalLong.of(77));
        assertThat(entry("a").lostSince()).hasValue(77);
        store.markLost(entry("a"), OptionalLong.empty());
        assertThat(entry("a").lostSince()).isEmpty();
        store.markMined(entry("a"), new TransactionResult(HASH, 9, HASH, true, 1, List.of()));
        assertThat(entry("a")).extracting(OutboxEntry::state, OutboxEntry::transaction, OutboxEntry::blockHash)
                .containsExactly(OutboxState.MINED, Optional.of(HASH), Optional.of(HASH));
        store.markUnmined(entry("a"));
        assertThat(entry("a").state()).isEqualTo(OutboxState.SENT);
        assertThat(entry("a").blockNumber()).isEmpty();
        store.finish(entry("a"), OutboxState.REVERTED, Optional.of("why"));
        assertThat(entry("a").detail()).contains("why");
        assertThat(store.attempts(entry("a"))).isEmpty();
    }

    @Test
    void aKeyIsTakenOnce() {
        store.add("a", TO, "0x01");
        store.add("a", TO, "0x02");
        assertThat(entry("a").call()).isEqualTo("0x01");
        assertThat(store.count(OutboxState.QUEUED)).isEqualTo(1);
    }

    @Test
    void aNonceIsGivenToOneCallAtATime() {
        store.add("a", TO, "0x01");
        store.add("b", TO, "0x02");
        store.markSent(entry("a"), transaction("1", 5));
        assertThatThrownBy(() -> store.markSent(entry("b"), transaction("2", 5))).isInstanceOf(LedgerException.class);
        assertThat(entry("b").state()).isEqualTo(OutboxState.QUEUED);
        assertThat(store.attempts(entry("b"))).isEmpty();
        store.requeue(entry("a"), "gone");
        store.markSent(entry("b"), transaction("2", 5));
        assertThat(entry("b").nonce()).hasValue(5);
    }

    @Test
    void aCallThatWasWithdrawnIsNotSentAndOneThatWasSentIsNotWithdrawn() {
        store.add("a", TO, "0x01");
        store.add("b", TO, "0x02");
        OutboxEntry seenAsQueued = entry("a");
        assertThat(store.withdraw("a", "too late")).isTrue();
        assertThat(store.markSent(seenAsQueued, transaction("1", 5))).isFalse();
        assertThat(entry("a")).extracting(OutboxEntry::state, OutboxEntry::detail, OutboxEntry::nonce)
                .containsExactly(OutboxState.REFUSED, Optional.of("too late"), OptionalLong.empty());
        assertThat(store.attempts(entry("a"))).isEmpty();
        assertThat(store.markSent(entry("b"), transaction("2", 5))).isTrue();
        assertThat(store.withdraw("b", "too late")).isFalse();
        assertThat(entry("b").state()).isEqualTo(OutboxState.SENT);
        assertThat(store.withdraw("unknown", "too late")).isFalse();
    }

    @Test
    void callsAreHandedOutOldestFirstAndPerChain() {
        store.add("b", TO, "0x01");
        store.add("a", TO, "0x02");
        SqlOutboxStore other = store(2);
        other.add("c", TO, "0x03");
        assertThat(store.inState(OutboxState.QUEUED, 9)).extracting(OutboxEntry::key).containsExactly("b", "a");
        assertThat(store.inState(OutboxState.QUEUED, 1)).extracting(OutboxEntry::key).containsExactly("b");
        assertThat(other.inState(OutboxState.QUEUED, 9)).extracting(OutboxEntry::key).containsExactly("c");
    }

    @Test
    void aFillerIsKeptAsSent() {
        store.addSent("fill", TO, "0x", transaction("3", 8));
        assertThat(entry("fill").state()).isEqualTo(OutboxState.SENT);
        assertThat(store.attempts(entry("fill"))).hasSize(1);
    }

    @Test
    void theFirstBlockIsRemembered() {
        assertThat(store.genesis()).isEmpty();
        store.setGenesis(HASH);
        store.setGenesis("0x" + "13".repeat(32));
        assertThat(store.genesis()).contains("0x" + "13".repeat(32));
    }
}
