package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.inference.e2e.KillPlan.Chain;
import dev.candor.inference.e2e.KillPlan.Moment;
import dev.candor.inference.e2e.KillPlan.Strike;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a real node under paid load, with its chain at times, and starts it again on the same home. */
class CrashSafetyTest {
    private static final String PAYEE = "0x" + "c0".repeat(20);
    private static final Duration SEEN_LIMIT = Duration.ofSeconds(15);
    private static final Duration SETTLED_LIMIT = Duration.ofSeconds(240);
    private static final long SEED = 20_261_121;
    private static final int BUYERS = 4;

    @TempDir
    private Path folder;

    private final Market market = new Market();
    private final List<Thread> buyers = new ArrayList<>();
    private NodeProcess node;
    private PayingClient client;

    @AfterEach
    void stop() throws Exception {
        market.closeSoon();
        buyers.forEach(Thread::interrupt);
        if (client != null) {
            client.close();
        }
        if (node != null) {
            node.close();
        }
    }

    @Test
    @Timeout(1200)
    void aKillAtAnyMomentLosesNoDeliveredReceiptAndChargesNoPaymentTwice() throws Exception {
        kill(KillPlan.each());
    }

    @Test
    @Tag("soak")
    @Timeout(3600)
    void aHundredKillsLoseNoDeliveredReceiptAndChargeNoPaymentTwice() throws Exception {
        kill(KillPlan.draw(SEED, 100));
    }

    private void kill(KillPlan plan) throws Exception {
        start().awaitReady();
        client = new PayingClient(node.wallet());
        String token = client.order(node.url(), client.chat("Hello", 1, false)).asset();
        BigInteger before = balance(token);
        market.open(node.url());
        buy();
        Eventually.await("there is a trade", SETTLED_LIMIT, () -> market.endedPurchases() >= BUYERS || !market.faults().isEmpty());

        for (Strike strike : plan.strikes()) {
            strike(strike);
            start();
        }
        market.open(node.awaitReady().url());
        long restarted = System.nanoTime();
        market.closeSoon();
        for (Thread buyer : buyers) {
            buyer.join();
        }

        assertThat(market.faults()).isEmpty();
        List<Purchase> purchases = market.purchases();
        assertThat(purchases).hasSizeGreaterThan(BUYERS);
        assertThat(purchases).as("each came to its end").allSatisfy(purchase -> assertThat(purchase.receiptId()).isPresent());
        assertThat(purchases).as("kills that a client felt").anySatisfy(purchase -> assertThat(purchase.timesLost()).isPositive());
        Settlements settlements = new Settlements(client, node.url());
        Duration left = SETTLED_LIMIT.minusNanos(System.nanoTime() - restarted);
        for (Purchase purchase : purchases) {
            Eventually.await("settlement of " + client.json(node.url(), "/x402/payments/" + purchase.order().paymentId()), left,
                    () -> settlements.isSettled(purchase));
        }
        try (DevChainView chain = new DevChainView(node.rpc())) {
            String payer = node.wallet().address().value();
            BigInteger charged = settlements.matchOneToOne(purchases, chain.transfers(token, payer, PAYEE));
            assertThat(before.subtract(chain.balance(token, payer))).isEqualTo(charged);
            assertThat(chain.balance(token, PAYEE)).isEqualTo(charged);
        }
        refusesWhatAnEarlierProcessAnswered(purchases.getFirst());
        checkOffline();
    }

    /** Answers are kept in memory alone; a payment that bought one stays used, and its receipt is named. */
    private void refusesWhatAnEarlierProcessAnswered(Purchase purchase) throws Exception {
        PayingClient.Answer again = client.send(node.url(), purchase.order());
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.text()).contains("payment_already_used").contains(purchase.receiptId().orElseThrow());
        assertThat(again.headers().firstValue("x-should-retry")).contains("false");
    }

    private NodeProcess start() throws IOException {
        node = NodeProcess.start(folder.resolve("home"), folder.resolve("node.out"), "--pay-to", PAYEE);
        return node;
    }

    private void buy() {
        for (int i = 0; i < BUYERS; i++) {
            buyers.add(Thread.ofVirtual().start(new Buyer("buyer " + i, i % 2 == 0, client, market)));
        }
    }

    private void strike(Strike strike) throws Exception {
        if (strike.moment() != Moment.STARTING) {
            market.open(node.awaitReady().url());
        }
        switch (strike.moment()) {
            case STARTING, ANCHORING -> { }
            case SETTLING -> Eventually.within(SEEN_LIMIT, () ->
                    client.json(node.url(), "/node/status").path("chain").path("unconfirmed").asInt() > 0);
            case OFFERED, STREAMING -> market.await(strike.moment(), SEEN_LIMIT);
            case COMMITTING -> {
                market.await(Moment.STREAMING, SEEN_LIMIT);
                awaitWrite();
            }
        }
        Eventually.pass(strike.delay());
        Optional<ProcessHandle> anvil = strike.chain() == Chain.LIVES ? Optional.empty() : node.anvil();
        if (strike.chain() == Chain.DIES_BEFORE) {
            anvil.ifPresent(ProcessHandle::destroyForcibly);
        }
        assertThat(node.isAlive()).as("nothing but a kill ends the node").isTrue();
        node.kill();
        market.shut();
        if (strike.chain() == Chain.DIES_AFTER) {
            anvil.ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** Waits until the ledger's file is written; what is written is not synced then. */
    private void awaitWrite() throws Exception {
        Path written = folder.resolve("home").resolve("ledger.db-wal");
        FileTime before = Files.getLastModifiedTime(written);
        long end = System.nanoTime() + SEEN_LIMIT.toNanos();
        while (Files.getLastModifiedTime(written).equals(before) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private BigInteger balance(String token) throws Exception {
        try (DevChainView chain = new DevChainView(node.rpc())) {
            return chain.balance(token, node.wallet().address().value());
        }
    }

    private void checkOffline() throws Exception {
        node.stop();
        Path said = folder.resolve("checks.out");
        String home = folder.resolve("home").toString();
        assertThat(NodeProcess.run(said, "log", "fsck", "--home", home)).as(() -> read(said)).isZero();
        assertThat(NodeProcess.run(said, "ledger", "audit", "--home", home)).as(() -> read(said)).isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
