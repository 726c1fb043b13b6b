package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.inference.e2e.PayingClient.Answer;
import dev.candor.inference.e2e.PayingClient.Order;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One payment, sent again and again to a real node. */
@Timeout(600)
class ParallelReplayTest {
    private static final int COPIES = 50;
    private static final int TOKENS = 48;

    @TempDir
    private static Path folder;

    private static NodeProcess node;
    private static PayingClient client;

    @BeforeAll
    static void start() throws Exception {
        node = NodeProcess.start(folder.resolve("home"), folder.resolve("node.out")).awaitReady();
        client = new PayingClient(node.wallet());
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        node.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fiftyParallelCopiesOfOnePaymentBuyOneAnswer(boolean stream) throws Exception {
        Order order = client.order(node.url(), client.chat("Count the stars.", TOKENS, stream));
        JsonNode before = client.json(node.url(), "/node/status");

        List<Answer> answers = parallel(order);
        Answer later = client.send(node.url(), order);

        List<Answer> bought = answers.stream().filter(answer -> answer.status() == 200).toList();
        assertThat(bought).isNotEmpty().allSatisfy(answer -> {
            assertThat(answer.broken()).isEmpty();
            assertThat(answer.bytes()).isEqualTo(later.bytes());
        });
        assertThat(answers.stream().filter(answer -> answer.status() != 200)).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(409);
            assertThat(code(answer)).isEqualTo("payment_in_use");
            assertThat(answer.headers().firstValue("retry-after")).isPresent();
            assertThat(answer.headers().firstValue("Candor-Payment-Id")).contains(order.paymentId());
        });
        JsonNode after = client.json(node.url(), "/node/status");
        assertThat(grown(before, after, "/generated_tokens")).as("one run of the model").isEqualTo(TOKENS);
        assertThat(grown(before, after, "/money/receipts")).isEqualTo(1);
        ResponseBytes parts = stream ? ResponseBytes.ofStream(later.bytes()) : ResponseBytes.ofBody(later.bytes());
        String receipt = "/v1/receipts/" + parts.receipt().receipt().id();
        assertThat(client.get(node.url(), receipt, "application/cose").body()).isEqualTo(parts.receipt().cose());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnsweredPaymentGetsTheSameBytesAgain(boolean stream) throws Exception {
        Order order = client.order(node.url(), client.chat("Count the stones.", 4, stream));
        Answer first = client.send(node.url(), order);

        Answer second = client.send(node.url(), order);

        assertThat(first.status()).isEqualTo(200);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.bytes()).isEqualTo(first.bytes());
        for (String header : List.of("content-type", "cache-control", "candor-payment-id", "candor-receipt-id", "payment-response")) {
            assertThat(second.headers().firstValue(header)).as(header).isEqualTo(first.headers().firstValue(header));
        }
        assertThat(first.text()).contains(stream ? "\n: candor-receipt " : "\"candor\":{\"receipt\":");
    }

    @Test
    void aPaymentIsRefusedForAnotherBodyWhileItIsAtWorkAndAfterwards() throws Exception {
        Order order = client.order(node.url(), client.chat("Count the seas.", TOKENS, true));
        Order other = new Order(order.body().replace("seas", "skies"), order.header(), order.paymentId(), order.cap(), order.asset());
        List<Answer> during = new ArrayList<>();

        client.send(node.url(), order, piece -> {
            if (during.isEmpty()) {
                during.add(quietly(() -> client.send(node.url(), other)));
            }
        });
        Answer afterwards = client.send(node.url(), other);

        during.add(afterwards);
        assertThat(during).hasSize(2).allSatisfy(refused -> {
            assertThat(refused.status()).isEqualTo(409);
            assertThat(code(refused)).isEqualTo("payment_already_used");
            assertThat(refused.headers().firstValue("x-should-retry")).contains("false");
        });
        assertThat(afterwards.headers().firstValue("Candor-Receipt-Id")).isPresent();
    }

    private static List<Answer> parallel(Order order) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Answer>> copies = new ArrayList<>();
            for (int i = 0; i < COPIES; i++) {
                copies.add(() -> client.send(node.url(), order));
            }
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> copy : threads.invokeAll(copies)) {
                answers.add(copy.get());
            }
            return answers;
        }
    }

    private static Answer quietly(Callable<Answer> question) {
        try {
            return question.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String code(Answer answer) {
        try {
            return new ObjectMapper().readTree(answer.bytes()).path("error").path("code").asText();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long grown(JsonNode before, JsonNode after, String member) {
        return after.at(member).asLong() - before.at(member).asLong();
    }
}
