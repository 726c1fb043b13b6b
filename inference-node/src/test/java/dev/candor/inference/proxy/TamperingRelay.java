package dev.candor.inference.proxy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A man in the middle between a client and a node, who may change answers to chat requests. */
final class TamperingRelay implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String node;
    private volatile UnaryOperator<String> change = UnaryOperator.identity();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Optional<String> authorization = Optional.empty();

    TamperingRelay(String node) throws IOException {
        this.node = node;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::relay);
        server.setExecutor(threads);
        server.start();
    }

    void change(UnaryOperator<String> operator) {
        change = operator;
    }

    /** What the last request named itself with. */
    Optional<String> authorization() {
        return authorization;
    }

    int requests() {
        return requests.get();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void relay(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node + exchange.getRequestURI()))
                    .header("content-type", "application/json")
                    .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
            requests.incrementAndGet();
            authorization = Optional.ofNullable(exchange.getRequestHeaders().getFirst("authorization"));
            for (String name : List.of("payment-signature", "candor-timeout", "authorization")) {
                Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).ifPresent(value -> request.header(name, value));
            }
            HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            byte[] given = exchange.getRequestMethod().equals("POST")
                    ? change.apply(new String(answer.body(), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8)
                    : answer.body();
            answer.headers().firstValue("content-type").ifPresent(type -> exchange.getResponseHeaders().set("content-type", type));
            answer.headers().map().forEach((name, values) -> {
                if (name.startsWith("x-ratelimit-") || name.equals("candor-warning") || name.equals("openai-processing-ms")) {
                    exchange.getResponseHeaders().set(name, values.getFirst());
                }
            });
            answer.headers().firstValue("payment-required").ifPresent(terms -> exchange.getResponseHeaders().set("payment-required", terms));
            exchange.sendResponseHeaders(answer.statusCode(), given.length);
            exchange.getResponseBody().write(given);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        http.close();
    }
}
