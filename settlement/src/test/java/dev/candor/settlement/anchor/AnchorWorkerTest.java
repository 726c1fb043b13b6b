package dev.candor.settlement.anchor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.tlog.LogKey;
import dev.candor.attestation.tlog.TileLog;
import dev.candor.settlement.chain.AnchorContract;
import dev.candor.settlement.chain.ChainClient;
import dev.candor.settlement.chain.Eventually;
import dev.candor.settlement.chain.Outbox;
import dev.candor.settlement.chain.TestChain;
import dev.candor.settlement.ledger.SqlDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnchorWorkerTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);

    @TempDir
    Path home;

    private TestChain chain;
    private SqlDatabase database;
    private ChainClient client;
    private Outbox outbox;
    private TileLog log;
    private SqlAnchorStore store;
    private AnchorWorker worker;

    @BeforeEach
    void start() throws Exception {
        chain = TestChain.start(home);
        log = TileLog.open(home.resolve("log"), LogKey.of(new byte[32]));
        open(new AnchorPace(Duration.ofMillis(100), 1_000));
    }

    private void open(AnchorPace pace) {
        database = SqlDatabase.open(home.resolve("ledger.db"));
        client = new ChainClient(chain.chain().rpc(), Duration.ofSeconds(2));
        outbox = Outbox.start(database, client, 31337, TestChain.OPERATOR, TestChain.hurried(), Clock.systemUTC());
        chain.hurryWhile(outbox::hasUnconfirmed);
        EvmAddress contract = chain.addresses().anchor().orElseThrow();
        store = new SqlAnchorStore(database, 31337, contract, TestChain.OPERATOR.address());
        worker = new AnchorWorker(
                log::checkpoint, outbox, client, new AnchorContract(client, contract), store, pace, Clock.systemUTC());
        worker.start(POLL);
    }

    private void shut() {
        worker.close();
        outbox.close();
        database.close();
        client.close();
    }

    @AfterEach
    void stop() {
        shut();
        log.close();
        chain.close();
    }

    private void grow(int leaves) throws IOException {
        long from = log.size();
        List<byte[]> entries = IntStream.range(0, leaves).mapToObj(i -> new byte[] {1, (byte) (from + i)}).toList();
        log.append(from, entries);
    }

    private void awaitAnchored(long size) throws Exception {
        Eventually.holds(LIMIT, size + " leaves are anchored", () -> store.last().map(Anchor::size).orElse(0L) == size);
    }

    private AnchorClaim claim(Anchor anchor) {
        return new AnchorClaim(
                anchor.chainId(), anchor.contract(), Optional.of(anchor.account()), log.checkpoint().checkpoint().origin(),
                anchor.size(), anchor.root(), anchor.transaction());
    }

    @Test
    void theLogIsAnchoredAsItGrowsAndReadersCanConfirmIt() throws Exception {
        grow(3);
        awaitAnchored(3);
        grow(2);
        awaitAnchored(5);
        Anchor first = store.covering(2).orElseThrow();
        Anchor second = store.covering(3).orElseThrow();
        assertThat(first.size()).isEqualTo(3);
        assertThat(first.index()).isZero();
        assertThat(second.size()).isEqualTo(5);
        assertThat(second.checkpoint()).isEqualTo(log.checkpoint().text());
        assertThat(store.covering(5)).isEmpty();

        AnchorReader reader = new AnchorReader(client);
        AnchorConfirmation confirmed = reader.confirm(claim(first));
        assertThat(confirmed.confirmations()).isGreaterThanOrEqualTo(2);
        assertThat(confirmed.account()).isEqualTo(TestChain.OPERATOR.address());
        assertThat(reader.confirm(claim(second)).index()).isEqualTo(1);
    }

    @Test
    void aClaimThatDiffersInAnythingIsRefused() throws Exception {
        grow(3);
        awaitAnchored(3);
        AnchorClaim good = claim(store.last().orElseThrow());
        AnchorReader reader = new AnchorReader(client);
        assertThat(reader.confirm(good).index()).isZero();
        Digest otherRoot = Digest.sha256(new byte[] {9});
        Optional<EvmAddress> wallet = Optional.of(TestChain.WALLET.address());
        refused(reader, copy(good, 1, good.contract(), good.account(), good.origin(), 3, good.root(), good.transaction()), "chain has id");
        refused(reader, copy(good, 31337, TestChain.STRANGER, good.account(), good.origin(), 3, good.root(), good.transaction()), "no contract");
        refused(reader, copy(good, 31337, good.contract(), wallet, good.origin(), 3, good.root(), good.transaction()), "anchored nothing");
        refused(reader, copy(good, 31337, good.contract(), good.account(), "other", 3, good.root(), good.transaction()), "another log");
        refused(reader, copy(good, 31337, good.contract(), good.account(), good.origin(), 4, good.root(), good.transaction()), "leaves");
        refused(reader, copy(good, 31337, good.contract(), good.account(), good.origin(), 3, otherRoot, good.transaction()), "anchored root");
        refused(reader, copy(good, 31337, good.contract(), good.account(), good.origin(), 3, good.root(), "0x" + "1".repeat(64)), "no mined");
        refused(reader, copy(good, 31337, good.contract(), good.account(), good.origin(), 3, good.root(), "0x12"), "not a hash");
    }

    private static AnchorClaim copy(
            AnchorClaim ignored, long chainId, EvmAddress contract, Optional<EvmAddress> account, String origin, long size,
            Digest root, String transaction) {
        return new AnchorClaim(chainId, contract, account, origin, size, root, transaction);
    }

    private static void refused(AnchorReader reader, AnchorClaim claim, String why) {
        assertThatThrownBy(() -> reader.confirm(claim)).isInstanceOf(AnchorMismatchException.class).hasMessageContaining(why);
    }

    @Test
    void aThousandLeavesDoNotWaitForTheMinute() throws Exception {
        shut();
        open(new AnchorPace(Duration.ofHours(1), 10));
        grow(1);
        awaitAnchored(1);
        grow(9);
        grow(1);
        awaitAnchored(11);
    }

    @Test
    void aChainThatIsDownOnlyDelaysAnchors() throws Exception {
        grow(1);
        awaitAnchored(1);
        chain.stop();
        grow(1);
        Eventually.holds(LIMIT, "the chain is seen as down", () -> !outbox.status().reachable() || outbox.status().queued() > 0
                || store.pending().isEmpty());
        grow(1);
        chain.startAgain();
        chain.hurryWhile(outbox::hasUnconfirmed);
        awaitAnchored(3);
    }

    @Test
    void aRestartKnowsItsAnchors() throws Exception {
        grow(2);
        awaitAnchored(2);
        shut();
        open(new AnchorPace(Duration.ofMillis(100), 1_000));
        assertThat(store.last().map(Anchor::size)).contains(2L);
        grow(1);
        awaitAnchored(3);
        assertThat(store.last().orElseThrow().index()).isEqualTo(1);
    }

    @Test
    void afterTheChainWasBegunAnewTheLogIsAnchoredAgain() throws Exception {
        grow(2);
        awaitAnchored(2);
        shut();
        chain.stop();
        remove(home.resolve("chain"));
        chain.startAgain();
        open(new AnchorPace(Duration.ofMillis(100), 1_000));
        AnchorContract contract = new AnchorContract(client, chain.addresses().anchor().orElseThrow());
        Eventually.holds(LIMIT, "anchored again", () -> contract.headOf(TestChain.OPERATOR.address()).count() == 1
                && store.last().isPresent());
        assertThat(new AnchorReader(client).confirm(claim(store.last().orElseThrow())).index()).isZero();
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
