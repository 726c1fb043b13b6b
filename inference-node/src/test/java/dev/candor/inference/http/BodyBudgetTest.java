package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.engine.testing.TensorGraphs;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.TensorModels;
import dev.candor.inference.testing.ToyChat;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the bodies of tensors and of saved receipts may take, each and all together. */
@Timeout(180)
class BodyBudgetTest {
    private static final String INFER = "/v2/models/sums/infer";
    private static final String SUMS = "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[1,3],\"data\":[1,2,3]},"
            + "{\"name\":\"b\",\"datatype\":\"FP32\",\"shape\":[1,3],\"data\":[4,5,6]}]}";
    private static final int LARGE = 64 << 20;
    private static final int REPLAY = 8 << 20;

    @TempDir
    private Path home;

    @Test
    void fourTensorBodiesOfTheGreatestLengthFitTheNextIsToldToComeBackAndChatGoesOn() throws Exception {
        try (HttpFixture node = new HttpFixture(home, HttpFixture.Setup.free().withMaxTensorBody(LARGE)); Client client = new Client(node.url())) {
            node.models.add(TensorModels.open("candor/sums@1", TensorGraphs.arithmetic(Files.createDirectory(home.resolve("sums")))));
            List<Socket> arriving = new ArrayList<>();
            try {
                for (int i = 0; i < 4; i++) {
                    arriving.add(begin(node, INFER, LARGE));
                }
                HttpResponse<String> refused = until(client, node, 429);
                assertThat(Client.JSON.readTree(refused.body()).path("error").asText()).contains("leave no room for one of 1 KiB", "try again later");
                assertThat(Client.JSON.readTree(refused.body()).path("code").asText()).isEqualTo("queue_full");
                assertThat(refused.headers().firstValue("retry-after")).isPresent();
                assertThat(client.post(Client.chat("hello")).statusCode()).isEqualTo(200);

                arriving.removeLast().close();
                assertThat(until(client, node, 200).body()).contains("[5.0,7.0,9.0]");
            } finally {
                for (Socket socket : arriving) {
                    socket.close();
                }
            }
            node.models.close();
        }
    }

    @Test
    void aSavedReceiptOfALongStreamIsTakenAndALongerBodyIsRefusedWithTheBound() throws Exception {
        HttpFixture.Setup setup = new HttpFixture.Setup(false, 4, 4, 20_000, 1 << 20, 64 << 20, Long.MAX_VALUE, Clock.systemUTC());
        try (HttpFixture node = new HttpFixture(home, setup); Client client = new Client(node.url())) {
            ObjectNode chat = Client.chat("\u221e").put("stream", true).put("max_tokens", 8192);
            ObjectNode body = ToyChat.replay(ToyChat.chat(node.url(), chat, home.resolve("receipts"), Clock.systemUTC())).put("model", HttpFixture.MODEL);
            assertThat(body.toString().length()).isBetween(1 << 20, REPLAY);

            HttpResponse<String> read = post(client, node, "/v1/replay", body.toString());
            assertThat(read.statusCode()).isEqualTo(400);
            assertThat(read.body()).contains("The answer cannot be compared here");
            HttpResponse<String> refused = post(client, node, "/v1/replay", "{\"model\":\"" + "x".repeat(REPLAY) + "\"}");
            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(refused.body()).contains("larger than the " + REPLAY + " bytes that /v1/replay takes");
            assertThat(post(client, node, "/v1/embeddings", "x".repeat(2 << 20)).body()).contains("larger than the " + (1 << 20) + " bytes");
        }
    }

    private static HttpResponse<String> until(Client client, HttpFixture node, int status) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        HttpResponse<String> answer = post(client, node, INFER, SUMS);
        while (answer.statusCode() != status) {
            assertThat(System.nanoTime()).as(answer.body()).isLessThan(end);
            answer = post(client, node, INFER, SUMS);
        }
        return answer;
    }

    private static HttpResponse<String> post(Client client, HttpFixture node, String path, String body) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(node.url() + path))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** Promises a body and sends its first byte. */
    private static Socket begin(HttpFixture node, String path, int length) throws Exception {
        Socket socket = new Socket("127.0.0.1", node.port());
        socket.getOutputStream().write(("POST " + path + " HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: " + length
                + "\r\n\r\n{").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
