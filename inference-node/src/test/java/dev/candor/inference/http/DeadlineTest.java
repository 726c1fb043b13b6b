package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.manifest.EncoderTask;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.encoder.BatchingEncoder;
import dev.candor.inference.engine.encoder.EncoderInput;
import dev.candor.inference.engine.encoder.EncoderOptions;
import dev.candor.inference.engine.encoder.EncoderRunner;
import dev.candor.inference.engine.testing.TensorGraphs;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.ForwardingEncoderRunner;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.MeddlingEngine;
import dev.candor.inference.testing.TensorModels;
import dev.candor.inference.testing.ToyChat;
import dev.candor.inference.testing.ToyEncoders;
import dev.candor.inference.testing.Until;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Candor-Timeout}, and clients that leave, on the routes beside chat: the request ends at once, frees its place and disturbs nobody. */
@Timeout(180)
class DeadlineTest {
    private static final String ENDLESS = loop(Long.MAX_VALUE);
    private static final String LOOP = "/v2/models/loop/infer";

    @TempDir
    private static Path folder;

    private static HttpFixture node;
    private static Client client;
    private static final Held HELD = new Held();
    private static ObjectNode replay;
    private static MeddlingEngine toy;

    @BeforeAll
    static void start() throws Exception {
        node = new HttpFixture(Files.createDirectory(folder.resolve("home")), HttpFixture.Setup.free());
        client = new Client(node.url());
        ToyEncoders toys = new ToyEncoders(folder);
        for (EncoderTask task : List.of(EncoderTask.EMBEDDING, EncoderTask.CLASSIFICATION, EncoderTask.RERANK)) {
            EncoderModel model = toys.served(task);
            model.engine().close();
            EncoderRunner held = HELD.around(ToyEncoders.runner(toys.of(task)));
            node.models.add(new EncoderModel(model.binding(), model.created(), model.config(), model.tokenizer(),
                    BatchingEncoder.start(held, EncoderOptions.defaults())));
        }
        node.models.add(TensorModels.open("candor/loop@1", TensorGraphs.loop(Files.createDirectory(folder.resolve("loop")))));
        ChatModel chat = ToyChat.open(ToyChat.publish(folder.resolve("cache"), ToyModels.Shape.standard()));
        toy = (MeddlingEngine) chat.engine();
        node.models.add(chat);
        replay = ToyChat.replay(ToyChat.chat(node.url(), ToyChat.request(), folder.resolve("receipts"), Clock.systemUTC()));
    }

    @AfterAll
    static void stop() throws Exception {
        HELD.release();
        client.close();
        node.close();
        node.models.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "/v1/embeddings | embedding      | {'model':'embedding','input':'ab'}",
        "/v1/classify   | classification | {'model':'classification','input':'ab'}",
        "/v1/rerank     | rerank         | {'model':'rerank','query':'sea','documents':['a desert','an ocean']}",
    })
    void aTextThatWaitsTooLongOrWhoseClientLeavesGivesItsPlaceBack(String path, String name, String quoted) throws Exception {
        String body = quoted.replace('\'', '"');
        LoadedModel model = node.models.find(name);
        HELD.hold();
        CompletableFuture<HttpResponse<String>> atWork = send(path, body);
        Until.holds(() -> model.engine().stats().running() > 0);
        assertLate(send(path, body, "Candor-Timeout", "0.2").join());
        assertThat(model.engine().stats().waiting()).isZero();
        try (Socket leaving = begin(path, body)) {
            Until.holds(() -> model.engine().stats().waiting() == 1);
        }
        Until.holds(() -> model.engine().stats().waiting() == 0);
        assertThat(atWork).isNotDone();
        HELD.release();

        assertThat(atWork.join().statusCode()).as(atWork.join().body()).isEqualTo(200);
        assertThat(send(path, body, "Candor-Timeout", "60").join().statusCode()).isEqualTo(200);
    }

    @Test
    void tensorsThatWaitTooLongOrWhoseClientLeavesGiveTheirPlaceBack() throws Exception {
        LoadedModel model = node.models.find("loop");
        CompletableFuture<HttpResponse<String>> atWork = send(LOOP, ENDLESS, "Candor-Timeout", "50");
        Until.holds(() -> model.engine().stats().running() == 1);
        HttpResponse<String> late = send(LOOP, loop(1), "Candor-Timeout", "0.2").join();
        assertThat(late.statusCode()).isEqualTo(504);
        assertThat(Client.JSON.readTree(late.body()).path("code").asText()).isEqualTo("deadline_exceeded");
        assertThat(late.headers().firstValue("x-should-retry")).contains("false");
        assertThat(model.engine().stats().waiting()).isZero();
        try (Socket leaving = begin(LOOP, loop(1))) {
            Until.holds(() -> model.engine().stats().waiting() == 1);
        }
        Until.holds(() -> model.engine().stats().waiting() == 0);
        assertThat(atWork).isNotDone();
        atWork.cancel(true);

        assertThat(send(LOOP, loop(3)).join().body()).contains("[3.0]");
        assertThat(send(LOOP, ENDLESS, "Candor-Timeout", "0.2").join().statusCode()).isEqualTo(504);
        assertThat(send(LOOP, loop(2)).join().body()).contains("[2.0]");
    }

    @Test
    void aTranscriptThatWaitsTooLongOrWhoseClientLeavesIsNotScored() throws Exception {
        assertLate(send("/v1/replay", replay.toString(), "Candor-Timeout", "0.001").join());
        toy.keepTranscripts(true);
        try (Socket leaving = begin("/v1/replay", replay.toString())) {
            Until.holds(() -> toy.kept().size() == 1);
            assertThat(toy.kept().getFirst().cancelled()).isFalse();
        }
        Until.holds(() -> toy.kept().getFirst().cancelled());
        toy.kept().getFirst().finished();
        toy.keepTranscripts(false);

        HttpResponse<String> answer = send("/v1/replay", replay.toString(), "Candor-Timeout", "60").join();
        assertThat(Client.JSON.readTree(answer.body()).at("/data/0/verdict").asText()).as(answer.body()).isEqualTo("match");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/embeddings", "/v1/classify", "/v1/rerank", "/v1/replay", LOOP})
    void aTimeThatIsNoneIsRefused(String path) throws Exception {
        String body = path.equals("/v1/replay") ? replay.toString() : path.equals(LOOP) ? loop(1) : "{}";
        HttpResponse<String> refused = send(path, body, "Candor-Timeout", "soon").join();

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("The header Candor-Timeout must be a number of seconds");
    }

    private static void assertLate(HttpResponse<String> late) throws Exception {
        assertThat(late.statusCode()).as(late.body()).isEqualTo(504);
        JsonNode error = Client.JSON.readTree(late.body()).path("error");
        assertThat(error.path("code").asText()).isEqualTo("deadline_exceeded");
        assertThat(error.path("message").asText()).startsWith("The time that Candor-Timeout allows was over before the ").contains("nothing was charged");
        assertThat(late.headers().firstValue("x-should-retry")).contains("false");
    }

    private static String loop(long times) {
        return "{\"inputs\":[{\"name\":\"times\",\"datatype\":\"INT64\",\"shape\":[],\"data\":[" + times
                + "]},{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[],\"data\":[0]}]}";
    }

    private static CompletableFuture<HttpResponse<String>> send(String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url() + path))
                .timeout(Duration.ofSeconds(120))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return client.http().sendAsync((headers.length == 0 ? request : request.headers(headers)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends a request on a connection of its own, whose answer is not read. */
    private static Socket begin(String path, String body) throws Exception {
        Socket socket = new Socket("127.0.0.1", node.port());
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream().write(("POST " + path + " HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: "
                + bytes.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(bytes);
        return socket;
    }

    /** Stops runs of encoders until they are released. */
    private static final class Held {
        private static final int MANY = 1 << 20;

        private final Semaphore permits = new Semaphore(MANY);

        void hold() {
            permits.drainPermits();
        }

        void release() {
            permits.release(MANY - permits.availablePermits());
        }

        EncoderRunner around(EncoderRunner runner) {
            return new ForwardingEncoderRunner(runner) {
                @Override
                public List<float[]> run(List<EncoderInput> batch) throws ModelException {
                    permits.acquireUninterruptibly();
                    return super.run(batch);
                }
            };
        }
    }
}
