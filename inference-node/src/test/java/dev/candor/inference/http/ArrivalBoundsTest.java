package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.inference.config.Listen;
import dev.candor.inference.openai.ApiException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much, how many and how slow requests may be while they arrive, with bounds small enough to reach. */
@Timeout(180)
class ArrivalBoundsTest {
    private static final Duration NEVER = Duration.ofMinutes(5);
    private static final int BODY = 4096;

    private static final Listen LISTEN = new Listen("127.0.0.1", 0, Optional.empty(), false);

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void closesConnectionsPastTheirBoundAndTakesOthersOnceSomeHaveGone() throws Exception {
        int port = start(2, NEVER, 1, NEVER);
        try (Socket first = connect(port); Socket second = connect(port)) {
            assertThat(ask(first)).isEqualTo("200");
            assertThat(ask(second)).isEqualTo("200");
            try (Socket third = connect(port)) {
                assertThat(ended(third)).isTrue();
            }
        }
        assertThat(askUntil(port, "200")).isEqualTo("200");
    }

    @Test
    void closesAConnectionThatNeverSendsItsHeaders() throws Exception {
        int port = start(2, Duration.ofSeconds(1), 1, NEVER);
        try (Socket silent = connect(port); Socket slow = connect(port)) {
            slow.getOutputStream().write("POST / HTTP/1.1\r\nhost: loc".getBytes(StandardCharsets.US_ASCII));

            assertThat(ended(silent)).isTrue();
            assertThat(ended(slow)).isTrue();
        }
    }

    @Test
    void refusesBodiesPastTheSumOfAllAndTakesThemAgainOnceTheirClientsHaveGone() throws Exception {
        int port = start(100, NEVER, 3, NEVER);
        try (Socket first = connect(port); Socket second = connect(port); Socket third = connect(port)) {
            begin(first);
            begin(second);
            begin(third);
            assertThat(askUntil(port, "429")).isEqualTo("429");
        }
        assertThat(askUntil(port, "200")).isEqualTo("200");
    }

    @Test
    void givesABodyItsTimeAndNoMore() throws Exception {
        int port = start(10, NEVER, 1, Duration.ofMillis(100));
        try (Socket slow = connect(port)) {
            begin(slow);

            assertThat(status(slow.getInputStream())).isEqualTo("408");
        }
    }

    private int start(int connections, Duration silence, int bodies, Duration bodyTime) {
        RequestBounds bounds = new RequestBounds(new SecureRandom(), (long) bodies * BODY, bodyTime);
        Connections open = new Connections(vertx, connections, silence);
        Router router = Router.router(vertx);
        router.post().handler(bounds.budgetBody(BODY));
        router.post().handler(bounds.hurryBody());
        router.post().handler(BodyHandler.create(false).setBodyLimit(BODY));
        router.post().handler(routing -> routing.response().end());
        router.route().failureHandler(routing -> routing.response()
                .setStatusCode(routing.failure() instanceof ApiException known ? known.error().status() : routing.statusCode())
                .end());
        HttpServer server = vertx.createHttpServer(HttpApi.options(LISTEN)).connectionHandler(open::accept).requestHandler(open.noting(router));
        return server.listen(LISTEN.port(), LISTEN.host()).toCompletionStage().toCompletableFuture().join().actualPort();
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(60_000);
        return socket;
    }

    /** Promises a body of the greatest length and sends its first byte. */
    private static void begin(Socket socket) throws IOException {
        send(socket, BODY, "x");
    }

    private static String ask(Socket socket) throws IOException {
        send(socket, 1, "x");
        return status(socket.getInputStream());
    }

    private static String askUntil(int port, String wanted) throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        String got = "";
        while (!got.equals(wanted) && System.nanoTime() < end) {
            try (Socket socket = connect(port)) {
                got = ask(socket);
            }
        }
        return got;
    }

    private static void send(Socket socket, int length, String part) throws IOException {
        socket.getOutputStream().write(("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: " + length + "\r\n\r\n" + part)
                .getBytes(StandardCharsets.US_ASCII));
    }

    private static String status(InputStream in) throws IOException {
        byte[] line;
        try {
            line = in.readNBytes("HTTP/1.1 200".length());
        } catch (SocketException reset) {
            return "";
        }
        return line.length == 0 ? "" : new String(line, StandardCharsets.US_ASCII).substring("HTTP/1.1 ".length());
    }

    private static boolean ended(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }
}
