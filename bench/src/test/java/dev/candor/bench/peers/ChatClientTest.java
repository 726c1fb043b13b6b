package dev.candor.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChatClientTest {
    private static final String USAGE = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":%d}}\n\ndata: [DONE]\n\n";

    private HttpServer server;
    private volatile String answer = "";
    private volatile int status = 200;
    private volatile String asked = "";
    private final AtomicInteger hangUps = new AtomicInteger();

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chat/completions", exchange -> {
            asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (hangUps.getAndDecrement() > 0) {
                exchange.close();
                return;
            }
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void countsPiecesAndTakesTokensAsTheServerCountsThem() throws Exception {
        answer = piece("a") + piece("") + piece("b") + USAGE.formatted(4);

        ChatTiming timing = stream(4);

        assertThat(timing.pieces()).hasSize(2).isSorted();
        assertThat(timing.promptTokens()).isEqualTo(7);
        assertThat(timing.tokensWithin(timing.begin(), timing.last())).isEqualTo(4);
        assertThat(asked).contains("\"ignore_eos\":true", "\"max_tokens\":4", "\"cache_prompt\":false");
    }

    @Test
    void asksOnceMoreWhereTheServerGaveTheConnectionUp() throws Exception {
        answer = piece("a") + USAGE.formatted(1);
        hangUps.set(1);
        assertThat(stream(1).pieces()).hasSize(1);
        hangUps.set(2);
        assertThatThrownBy(() -> stream(1)).isInstanceOf(IOException.class);
    }

    @Test
    void timesAnAnswerWithoutTextByItsEnd() throws Exception {
        answer = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\n" + USAGE.formatted(1);

        assertThat(stream(1).pieces()).hasSize(1);
    }

    @Test
    void refusesAnswersThatAreNotTheWorkThatWasAskedFor() {
        answer = piece("a") + USAGE.formatted(3);
        assertThatThrownBy(() -> stream(4)).isInstanceOf(IOException.class).hasMessageContaining("3 tokens");
        answer = "data: {\"error\":{\"message\":\"full\"}}\n\n";
        assertThatThrownBy(() -> stream(4)).isInstanceOf(IOException.class).hasMessageContaining("full");
        status = 503;
        answer = "busy";
        assertThatThrownBy(() -> stream(4)).isInstanceOf(IOException.class).hasMessageContaining("503").hasMessageContaining("busy");
    }

    private ChatTiming stream(int tokens) throws Exception {
        try (ChatClient client = new ChatClient()) {
            URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            return client.stream(new ChatServer(base, "m", Map.of("cache_prompt", false)), "hello", tokens);
        }
    }

    private static String piece(String text) {
        return "data: {\"choices\":[{\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
    }
}
