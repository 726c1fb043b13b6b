package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.e2e.DevChainView.Transfer;
import dev.candor.inference.e2e.PayingClient.Answer;
import dev.candor.inference.e2e.PayingClient.Order;
import dev.candor.settlement.chain.ChainAccount;
import dev.candor.settlement.chain.ChainClient;
import dev.candor.settlement.chain.ContractAddresses;
import dev.candor.settlement.chain.Outbox;
import dev.candor.settlement.chain.OutboxConfig;
import dev.candor.settlement.chain.PayerChainReader;
import dev.candor.settlement.facilitator.SettlementWorker;
import dev.candor.settlement.ledger.PaymentState;
import dev.candor.settlement.ledger.SqlDatabase;
import dev.candor.settlement.ledger.SqlLedger;
import dev.candor.settlement.scheme.UptoPermit2Scheme;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real node does while its chain hangs, after it came back, and when it takes blocks back. */
@Timeout(600)
class ChainDownTest {
    private static final long CHAIN = 31_337;
    private static final String PAYEE = "0x" + "d0".repeat(20);
    private static final Duration LIMIT = Duration.ofSeconds(120);
    /** A payment waits so long for a chain that hangs, once; the rest is the model's time on a busy machine. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private NodeProcess node;
    private PayingClient client;

    @AfterEach
    void stop() throws Exception {
        client.close();
        signal("-CONT");
        node.close();
    }

    @Test
    void paidAnswersGoOnWhileTheChainHangsAndTheOldestDeadlineIsSettledFirst() throws Exception {
        start();
        Order known = buy("Who is known?", Instant.now());
        awaitSettled(known);

        signal("-STOP");
        Instant now = Instant.now();
        List<Order> orders = new ArrayList<>();
        for (int minutes : new int[] {0, 40, 10, 30}) {
            long began = System.nanoTime();
            orders.add(buy("Who waits " + minutes + "?", now.minus(Duration.ofMinutes(minutes))));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(ANSWER_LIMIT);
        }
        for (Order order : orders) {
            assertThat(client.state(node.url(), order)).isEqualTo("charged");
        }
        assertThat(client.get(node.url(), "/readyz", "*/*").statusCode()).isEqualTo(200);
        signal("-CONT");

        for (Order order : orders) {
            awaitSettled(order);
        }
        List<String> chain = transfers().stream().map(Transfer::transaction).toList();
        assertThat(chain).containsExactly(
                transaction(known), transaction(orders.get(1)), transaction(orders.get(3)), transaction(orders.get(2)),
                transaction(orders.getFirst()));
    }

    @Test
    void beyondTheExposureNoPaymentIsAskedForOrTakenUntilSomeAreSettled() throws Exception {
        start();
        ObjectNode body = client.chat("How much is at risk?", 4, false);
        BigInteger cap = client.order(node.url(), body).cap();
        node.stop();
        start("--max-exposure", cap.multiply(BigInteger.TWO).add(BigInteger.ONE).toString());
        awaitSettled(buy(body, Instant.now()));
        List<Order> signed = List.of(client.order(node.url(), body), client.order(node.url(), body), client.order(node.url(), body));

        signal("-STOP");
        assertThat(client.send(node.url(), signed.get(0)).status()).isEqualTo(200);
        assertThat(client.send(node.url(), signed.get(1)).status()).isEqualTo(200);
        Answer asked = client.post(node.url(), body.toString(), Optional.empty(), piece -> {});
        Answer refused = client.send(node.url(), signed.get(2));

        for (Answer answer : List.of(asked, refused)) {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(new ObjectMapper().readTree(answer.bytes()).at("/error/code").asText()).isEqualTo("settlement_backlog");
            assertThat(answer.headers().firstValue("PAYMENT-REQUIRED")).isEmpty();
            assertThat(answer.headers().firstValue("retry-after")).isPresent();
        }
        assertThat(client.get(node.url(), "/x402/payments/" + signed.get(2).paymentId(), "*/*").statusCode()).isEqualTo(404);
        assertThat(status().at("/money/reserved").asText()).isEqualTo("0");
        signal("-CONT");

        awaitSettled(signed.get(0));
        awaitSettled(signed.get(1));
        assertThat(client.send(node.url(), signed.get(2)).status()).as("the refused payment is good afterwards").isEqualTo(200);
        awaitSettled(signed.get(2));
        assertThat(transfers()).hasSize(4);
    }

    /** No payment is taken that lapses within ten minutes, so the node's own settlement worker is run on its files, two hours ahead. */
    @Test
    void aPaymentThatLapsedWhileTheChainWasDownIsWrittenOffAndShown() throws Exception {
        start();
        awaitSettled(buy("Who is known?", Instant.now()));
        signal("-STOP");
        Order order = buy("Who is never paid?", Instant.now());
        URI rpc = node.rpc();
        BigInteger charged = new BigInteger(client.json(node.url(), "/x402/payments/" + order.paymentId()).path("charged").asText());
        ProcessHandle anvil = node.anvil().orElseThrow();
        node.kill();
        anvil.destroyForcibly();
        anvil.onExit().get(60, TimeUnit.SECONDS);

        settleLater(rpc, order);

        Path said = folder.resolve("audit.out");
        int sound = NodeProcess.run(said, "ledger", "audit", "--home", node.home().root().toString());
        assertThat(Files.readString(said)).contains(order.paymentId()).contains("lapsed");
        assertThat(sound).as(Files.readString(said)).isZero();
        start();
        assertThat(status().at("/money/written_off").asText()).isEqualTo(charged.toString());
        JsonNode payment = client.json(node.url(), "/x402/payments/" + order.paymentId());
        assertThat(payment.path("state").asText()).isEqualTo("written_off");
        assertThat(payment.path("detail").asText()).contains("lapsed");
        Path shown = folder.resolve("status.out");
        assertThat(NodeProcess.run(shown, "status", "--home", node.home().root().toString())).isZero();
        assertThat(Files.readString(shown)).contains("written off");
    }

    private void settleLater(URI rpc, Order order) throws Exception {
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(2));
        ChainAccount operator = ChainAccount.fromHex(Files.readString(node.home().operatorKey()).strip());
        ContractAddresses addresses = ContractAddresses.parse(CHAIN, Files.readString(node.home().chain().resolve("addresses.json")));
        try (SqlDatabase database = SqlDatabase.open(node.home().ledger());
                SqlLedger ledger = new SqlLedger(database, later);
                ChainClient chain = new ChainClient(rpc, Duration.ofSeconds(1));
                Outbox outbox = Outbox.start(database, chain, CHAIN, operator, OutboxConfig.devChain(), later);
                SettlementWorker worker = new SettlementWorker(
                        ledger,
                        outbox,
                        chain,
                        new UptoPermit2Scheme(CHAIN, addresses.permit2(), addresses.uptoProxy()),
                        addresses,
                        new PayerChainReader(chain, addresses, later),
                        later)) {
            worker.start();
            Eventually.await("the payment is written off", LIMIT, () ->
                    ledger.payment(order.paymentId()).orElseThrow().state() == PaymentState.WRITTEN_OFF);
        }
    }

    @Test
    void settlementsThatTheChainTakesBackAreDoneAgainAndOnce() throws Exception {
        start();
        Order early = buy("Who is early?", Instant.now());
        Order late;
        try (DevChainView chain = new DevChainView(node.rpc())) {
            awaitSettled(early);
            late = buy("Who is late?", Instant.now());
            Eventually.await("the second settlement is mined", LIMIT, () -> transfers().size() == 2);
            chain.reorganise(Math.toIntExact(chain.blockNumber() - transfers().getFirst().block() + 1));
            assertThat(transfers()).isEmpty();
        }

        Eventually.await("both are settled again", LIMIT, () -> transfers().size() == 2);
        awaitSettled(early);
        awaitSettled(late);
        Eventually.await("the ledger names the new transactions", LIMIT, () ->
                transfers().stream().map(Transfer::transaction).toList().containsAll(List.of(transaction(early), transaction(late))));
        try (DevChainView chain = new DevChainView(node.rpc())) {
            BigInteger charged = new BigInteger(payment(early).path("charged").asText()).add(new BigInteger(payment(late).path("charged").asText()));
            assertThat(chain.balance(early.asset(), PAYEE)).isEqualTo(charged);
        }
    }

    private void start(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--pay-to", PAYEE));
        all.addAll(List.of(options));
        node = NodeProcess.start(folder.resolve("home"), folder.resolve("node.out"), all.toArray(String[]::new)).awaitReady();
        if (client == null) {
            client = new PayingClient(node.wallet());
        }
    }

    private Order buy(String text, Instant signedAt) throws Exception {
        return buy(client.chat(text, 4, false), signedAt);
    }

    private Order buy(ObjectNode body, Instant signedAt) throws Exception {
        Answer asked = client.post(node.url(), body.toString(), Optional.empty(), piece -> {});
        Order order = client.sign(body, asked, signedAt);
        Answer answer = client.send(node.url(), order);
        assertThat(answer.status()).as(answer::text).isEqualTo(200);
        return order;
    }

    private void awaitSettled(Order order) throws Exception {
        Eventually.await("settlement of " + order.paymentId(), LIMIT, () -> client.state(node.url(), order).equals("settled"));
    }

    private List<Transfer> transfers() throws Exception {
        try (DevChainView chain = new DevChainView(node.rpc())) {
            String token = ContractAddresses.parse(CHAIN, Files.readString(node.home().chain().resolve("addresses.json"))).opg().value();
            return chain.transfers(token, node.wallet().address().value(), PAYEE);
        }
    }

    private JsonNode payment(Order order) throws Exception {
        return client.json(node.url(), "/x402/payments/" + order.paymentId());
    }

    private String transaction(Order order) throws Exception {
        return payment(order).path("transaction").asText();
    }

    private JsonNode status() throws Exception {
        return client.json(node.url(), "/node/status");
    }

    /** Halts anvil as a machine under load or a debugger does, or lets it go on. */
    private void signal(String signal) throws Exception {
        Optional<ProcessHandle> anvil = node.anvil();
        if (anvil.isPresent()) {
            new ProcessBuilder("kill", signal, Long.toString(anvil.get().pid())).start().waitFor();
        }
    }
}
