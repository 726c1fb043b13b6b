package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.settlement.ledger.SqlDatabase;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private TestChain chain;
    private SqlDatabase database;
    private Outbox outbox;

    @BeforeEach
    void start() throws Exception {
        chain = TestChain.start(home);
        database = SqlDatabase.open(home.resolve("ledger.db"));
    }

    @AfterEach
    void stop() {
        if (outbox != null) {
            outbox.close();
        }
        database.close();
        chain.close();
    }

    private static OutboxConfig config(int confirmations, int maxUnconfirmed, int maxQueued) {
        return new OutboxConfig(
                confirmations,
                maxUnconfirmed,
                maxQueued,
                Duration.ofMillis(50),
                Duration.ofMillis(300),
                Duration.ofMillis(900),
                BigInteger.valueOf(1_000_000),
                FeePolicy.standard());
    }

    private Outbox open(OutboxConfig config, RawSender sender) {
        return open(config, sender, () -> true);
    }

    private Outbox open(OutboxConfig config, RawSender sender, BooleanSupplier hurry) {
        outbox = new Outbox(database, chain.client(), sender, 31337, TestChain.OPERATOR, config, Clock.systemUTC());
        chain.hurryWhile(() -> hurry.getAsBoolean() && outbox.hasUnconfirmed());
        outbox.start();
        return outbox;
    }

    private Outbox open() {
        return open(config(2, 64, 100), chain.client()::sendRaw);
    }

    private OutboxEntry submit(String key, long amount) throws OutboxFullException {
        return outbox.submit(key, chain.addresses().opg(), chain.transfer(TestChain.STRANGER, amount));
    }

    private void awaitState(String key, OutboxState state) throws Exception {
        Eventually.holds(LIMIT, key + " is " + state, () -> outbox.find(key).orElseThrow().state() == state);
    }

    private BigInteger received() throws ChainException {
        return chain.opg(TestChain.STRANGER);
    }

    @Test
    void aCallIsConfirmedOnceHoweverOftenItIsSubmitted() throws Exception {
        open();
        submit("a", 7);
        submit("a", 7);
        awaitState("a", OutboxState.CONFIRMED);
        submit("a", 7);
        submit("b", 1);
        awaitState("b", OutboxState.CONFIRMED);
        assertThat(received()).isEqualTo(8);
        OutboxEntry done = outbox.find("a").orElseThrow();
        assertThat(chain.client().result(done.transaction().orElseThrow()).orElseThrow().succeeded()).isTrue();
        assertThat(outbox.status().unconfirmed()).isZero();
    }

    @Test
    void manyCallsAreAllConfirmedWithinTheBoundOfWhatIsUnderWay() throws Exception {
        AtomicInteger most = new AtomicInteger();
        open(config(2, 8, 100), raw -> {
            most.accumulateAndGet(outbox.status().unconfirmed(), Math::max);
            chain.client().sendRaw(raw);
        });
        for (int i = 0; i < 30; i++) {
            submit("n" + i, 1);
        }
        for (int i = 0; i < 30; i++) {
            awaitState("n" + i, OutboxState.CONFIRMED);
        }
        assertThat(received()).isEqualTo(30);
        assertThat(most.get()).isLessThanOrEqualTo(8);
    }

    @Test
    void aCallThatWouldRevertIsNotSentAndSaysWhy() throws Exception {
        long nonce = chain.client().minedCount(TestChain.OPERATOR.address());
        open();
        outbox.submit(
                "too much",
                chain.addresses().opg(),
                TokenContract.transferCall(TestChain.STRANGER, BigInteger.TWO.pow(200)));
        awaitState("too much", OutboxState.REFUSED);
        assertThat(outbox.find("too much").orElseThrow().detail()).contains("ERC20InsufficientBalance");
        assertThat(chain.client().minedCount(TestChain.OPERATOR.address())).isEqualTo(nonce);
    }

    @Test
    void aTransactionThatAReorganisationRemovesIsMinedAgain() throws Exception {
        AtomicBoolean hurry = new AtomicBoolean();
        open(config(8, 64, 100), chain.client()::sendRaw, hurry::get);
        submit("a", 5);
        awaitState("a", OutboxState.MINED);
        chain.dev().reorg(1);
        hurry.set(true);
        awaitState("a", OutboxState.CONFIRMED);
        assertThat(received()).isEqualTo(5);
        OutboxEntry entry = outbox.find("a").orElseThrow();
        String hash = chain.client().block(entry.blockNumber().orElseThrow()).orElseThrow().hash();
        assertThat(entry.blockHash()).contains(hash);
    }

    @Test
    void theChainMayBeDownForAWhile() throws Exception {
        open();
        outbox.close();
        chain.stop();
        outbox = new Outbox(
                database, new ChainClient(chain.chain().rpc(), Duration.ofSeconds(1)), raw -> chain.client().sendRaw(raw),
                31337, TestChain.OPERATOR, config(2, 64, 100), Clock.systemUTC());
        outbox.start();
        submit("a", 3);
        Eventually.holds(LIMIT, "the chain is seen as down", () -> !outbox.status().reachable());
        assertThat(outbox.status().trouble()).isPresent();
        chain.startAgain();
        chain.hurryWhile(outbox::hasUnconfirmed);
        awaitState("a", OutboxState.CONFIRMED);
        assertThat(received()).isEqualTo(3);
        Eventually.holds(LIMIT, "the chain is seen as up", () -> outbox.status().reachable());
    }

    @Test
    void aTransactionThatGotLostIsReplacedByOneThatPaysMore() throws Exception {
        Set<String> lost = ConcurrentHashMap.newKeySet();
        open(config(2, 64, 100), raw -> {
            if (lost.isEmpty() || lost.contains(raw)) {
                lost.add(raw);
            } else {
                chain.client().sendRaw(raw);
            }
        });
        submit("a", 4);
        awaitState("a", OutboxState.CONFIRMED);
        assertThat(received()).isEqualTo(4);
        assertThat(lost).hasSize(1);
    }

    @Test
    void aNonceThatSomebodyElseUsedIsGivenUp() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        open(config(2, 64, 100), raw -> {
            if (sent.incrementAndGet() == 1) {
                DirectSender other = new DirectSender(chain.client(), 31337, Optional.empty());
                try {
                    other.send(TestChain.OPERATOR, List.of(new DirectSender.Call(
                            chain.addresses().opg(), chain.transfer(TestChain.STRANGER, 100))));
                    chain.chain().mineNow();
                } catch (ChainSetupException e) {
                    throw new IllegalStateException(e);
                }
            } else {
                chain.client().sendRaw(raw);
            }
        });
        submit("a", 4);
        awaitState("a", OutboxState.CONFIRMED);
        assertThat(received()).isEqualTo(104);
    }

    @Test
    void anUnusedNonceBelowOursIsFilled() throws Exception {
        open(config(2, 64, 100), raw -> {});
        submit("never sent", 1);
        awaitState("never sent", OutboxState.SENT);
        outbox.close();
        SqlOutboxStore store = new SqlOutboxStore(database, 31337, TestChain.OPERATOR.address(), Clock.systemUTC());
        OutboxEntry gap = store.find("never sent").orElseThrow();
        long nonce = gap.nonce().orElseThrow();
        OutboxEntry later = afterTheGap(store, nonce + 1);
        store.finish(gap, OutboxState.REFUSED, Optional.of("a test made a gap"));
        open();
        awaitState(later.key(), OutboxState.CONFIRMED);
        assertThat(received()).isEqualTo(2);
        assertThat(chain.client().minedCount(TestChain.OPERATOR.address())).isEqualTo(nonce + 2);
    }

    private OutboxEntry afterTheGap(SqlOutboxStore store, long nonce) {
        String call = chain.transfer(TestChain.STRANGER, 2);
        store.add("later", chain.addresses().opg(), call);
        Fees fees = new Fees(BigInteger.TEN.pow(10), BigInteger.TEN.pow(9));
        store.markSent(
                store.find("later").orElseThrow(),
                SignedTransaction.sign(
                        TestChain.OPERATOR, 31337, nonce, chain.addresses().opg(), call, BigInteger.valueOf(100_000), fees));
        return store.find("later").orElseThrow();
    }

    @Test
    void afterTheChainWasBegunAnewWhatWasUnderWayIsSentAgain() throws Exception {
        open();
        submit("old", 1);
        awaitState("old", OutboxState.CONFIRMED);
        outbox.close();
        open(config(2, 64, 100), raw -> {});
        submit("under way", 6);
        awaitState("under way", OutboxState.SENT);
        outbox.close();
        chain.stop();
        remove(home.resolve("chain"));
        chain.startAgain();
        open();
        awaitState("under way", OutboxState.CONFIRMED);
        assertThat(received()).isEqualTo(6);
    }

    @Test
    void aRestartOfTheChainThatKeptItsStateLeavesWhatWasUnderWayAsItIs() throws Exception {
        open();
        submit("old", 1);
        awaitState("old", OutboxState.CONFIRMED);
        outbox.close();
        open(config(2, 64, 100), raw -> {});
        submit("under way", 6);
        awaitState("under way", OutboxState.SENT);
        OptionalLong nonce = outbox.find("under way").orElseThrow().nonce();
        outbox.close();
        Optional<String> first = chain.client().block(1).map(BlockHeader::hash);
        chain.stop();
        chain.startAgain();
        assertThat(chain.client().block(1).map(BlockHeader::hash)).isEqualTo(first).isPresent();
        open();
        awaitState("under way", OutboxState.CONFIRMED);
        assertThat(outbox.find("under way").orElseThrow().nonce()).isEqualTo(nonce);
        assertThat(received()).isEqualTo(7);
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aFullOutboxTakesNoMore() throws Exception {
        open(config(2, 1, 3), raw -> {});
        submit("under way", 1);
        awaitState("under way", OutboxState.SENT);
        for (int i = 0; i < 3; i++) {
            submit("q" + i, 1);
        }
        assertThatThrownBy(() -> submit("one too many", 1)).isInstanceOf(OutboxFullException.class);
    }

    @Test
    void aCapOnGasPricesIsKept() throws Exception {
        OutboxConfig stingy = new OutboxConfig(
                2, 64, 100, Duration.ofMillis(50), Duration.ofMillis(300), Duration.ofMillis(900),
                BigInteger.valueOf(1_000_000), new FeePolicy(BigInteger.ONE, BigInteger.ONE));
        open(stingy, chain.client()::sendRaw);
        submit("a", 1);
        Eventually.holds(LIMIT, "the cap is told", () -> outbox.status().trouble().orElse("").contains("cap"));
        assertThat(outbox.find("a").orElseThrow().state()).isEqualTo(OutboxState.QUEUED);
    }
}
