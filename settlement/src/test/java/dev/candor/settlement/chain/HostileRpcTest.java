package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.candor.attestation.crypto.EvmAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A chain's RPC endpoint is somebody else's: whatever it answers becomes a checked exception or a checked value. */
class HostileRpcTest {
    private static final String HASH = "0x" + "12".repeat(32);
    private static final String RECEIPT = """
            {"jsonrpc":"2.0","id":1,"result":{"transactionHash":"%1$s","blockHash":"%1$s","blockNumber":"0x5","status":"0x1",
            "gasUsed":"0x5208","transactionIndex":"0x0","logs":[{"address":"0x%2$s","topics":["%1$s"],"data":"0x12",
            "blockNumber":"0x5","transactionHash":"%1$s","logIndex":"0x0"}]}}""".formatted(HASH, "ab".repeat(20));

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CountDownLatch released = new CountDownLatch(1);
    private HttpServer server;
    private ChainClient client;
    private volatile byte[] answer = new byte[0];
    private volatile int status = 200;
    private volatile boolean hang;
    private volatile boolean drip;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            if (hang) {
                awaitRelease();
            }
            exchange.sendResponseHeaders(status, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer);
                if (drip) {
                    out.flush();
                    awaitRelease();
                }
            }
        });
        server.start();
        client = client(PATIENCE);
    }

    private ChainClient client(Duration patience) {
        return new ChainClient(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), patience);
    }

    private void awaitRelease() {
        try {
            released.await(PATIENCE.multipliedBy(4).toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        released.countDown();
        client.close();
        server.stop(0);
    }

    private void says(String text) {
        answer = text.getBytes(StandardCharsets.UTF_8);
    }

    private void askEverything() throws ChainException {
        List<Question> all = List.of(
                client::chainId,
                client::blockNumber,
                client::latestBlock,
                () -> client.result(HASH),
                () -> client.input(HASH),
                () -> client.minedCount(TestChain.STRANGER),
                () -> client.logs(TestChain.STRANGER, 0, 1, List.of()),
                () -> new TokenContract(client, TestChain.STRANGER).balanceOf(TestChain.STRANGER),
                () -> new AnchorContract(client, TestChain.STRANGER).headOf(TestChain.STRANGER),
                () -> new DevChainRpc(client).waiting());
        int refused = 0;
        for (Question question : all) {
            try {
                question.ask();
            } catch (ChainException expected) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @FunctionalInterface
    private interface Question {
        Object ask() throws ChainException;
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "null", "[]", "<html>busy</html>", "{", "{\"jsonrpc\":\"2.0\",\"id\":1}", "{\"result\":{}}", "{\"result\":[1]}",
        "{\"result\":\"\"}", "{\"result\":\"0x\"}", "{\"result\":\"-5\"}", "{\"result\":\"0xffffffffffffffffffffffff\"}",
        "{\"result\":true}", "{\"result\":{\"blockHash\":\"x\"}}", "{\"error\":{}}", "{\"error\":{\"code\":1,\"message\":null}}",
        "{\"result\":[{\"address\":\"zz\"}]}"
    })
    void nonsenseBecomesACheckedException(String nonsense) throws Exception {
        says(nonsense);
        askEverything();
    }

    @Test
    void aMutatedReceiptIsRefusedOrStillWellFormed() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 400; round++) {
            byte[] bytes = RECEIPT.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i <= random.nextInt(3); i++) {
                bytes[random.nextInt(bytes.length)] = (byte) (32 + random.nextInt(95));
            }
            answer = bytes;
            try {
                client.result(HASH).ifPresent(result -> assertThat(result.hash()).matches("0x[0-9a-f]{64}"));
            } catch (ChainException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void theUnmutatedReceiptIsRead() throws Exception {
        says(RECEIPT);
        TransactionResult result = client.result(HASH).orElseThrow();
        assertThat(result.succeeded()).isTrue();
        assertThat(result.logs().getFirst().address()).isEqualTo(EvmAddress.parse("0x" + "ab".repeat(20)));
    }

    @Test
    void anAnswerWithoutEndIsCutOff() {
        answer = new byte[9 << 20];
        assertThatThrownBy(client::chainId).isInstanceOf(ChainUnreachableException.class);
    }

    @Test
    void anEndpointThatHangsIsLeft() {
        hang = true;
        assertLeft();
    }

    @Test
    void anAnswerThatNeverEndsIsLeft() {
        says("{");
        drip = true;
        assertLeft();
    }

    private void assertLeft() {
        long begin = System.nanoTime();
        try (ChainClient hasty = client(Duration.ofMillis(700))) {
            assertThatThrownBy(hasty::chainId).isInstanceOf(ChainUnreachableException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PATIENCE);
    }

    @Test
    void anHttpErrorIsNamed() {
        status = 503;
        says("upstream busy");
        assertThatThrownBy(client::chainId).isInstanceOf(ChainUnreachableException.class).hasMessageContaining("503");
    }

    @Test
    void aRevertKeepsItsData() {
        says("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":3,\"message\":\"execution reverted\",\"data\":\"0x756688fe\"}}");
        assertThatThrownBy(() -> client.call(null, TestChain.STRANGER, "0x"))
                .isInstanceOfSatisfying(ChainRpcException.class, e -> {
                    assertThat(e.isRevert()).isTrue();
                    assertThat(RevertReason.of(e.data())).isEqualTo("InvalidNonce");
                });
    }
}
