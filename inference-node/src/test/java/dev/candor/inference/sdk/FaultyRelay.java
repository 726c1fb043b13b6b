package dev.candor.inference.sdk;

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
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** What stands between a client and a node, and goes wrong where a test wants it to. */
final class FaultyRelay implements AutoCloseable {
    private static final List<String> REQUEST_HEADERS = List.of("payment-signature", "candor-nonce", "authorization", "content-type", "accept");
    private static final List<String> ANSWER_HEADERS = List.of("content-type", "payment-required", "x-request-id", "retry-after", "x-should-retry");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String node;
    private final Set<String> payments = ConcurrentHashMap.newKeySet();
    private final AtomicInteger paidRequests = new AtomicInteger();
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private volatile UnaryOperator<byte[]> change = UnaryOperator.identity();

    /** What happens to one request that carries a payment. */
    sealed interface Fault {
        /** The node answers it, and the answer is lost. */
        record LoseAnswer() implements Fault {}

        /** The node answers it, and only the first bytes of the answer arrive. */
        record CutAnswer(int bytes) implements Fault {}

        /** The node does not see it. */
        record Refuse(int status, Map<String, String> headers, String body) implements Fault {}

        /** Nothing goes wrong. */
        record None() implements Fault {}
    }

    FaultyRelay(String node) throws IOException {
        this.node = node;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::relay);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Changes the bodies of answers to POST from now on. */
    void change(UnaryOperator<byte[]> operator) {
        change = operator;
    }

    /** What happens to the next requests with a payment, one each. */
    void next(Fault... some) {
        faults.addAll(List.of(some));
    }

    /** How many different payments were sent. */
    int payments() {
        return payments.size();
    }

    /** How many requests with a payment were sent. */
    int paidRequests() {
        return paidRequests.get();
    }

    private void relay(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            switch (fault(exchange)) {
                case Fault.Refuse refuse -> refuse(exchange, refuse);
                case Fault.LoseAnswer _ -> forward(exchange, body);
                case Fault.CutAnswer cut -> give(exchange, forward(exchange, body), cut.bytes());
                case Fault.None _ -> give(exchange, forward(exchange, body), Integer.MAX_VALUE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Fault fault(HttpExchange exchange) {
        Optional<String> payment = Optional.ofNullable(exchange.getRequestHeaders().getFirst("payment-signature"));
        if (payment.isEmpty()) {
            return new Fault.None();
        }
        payments.add(payment.get());
        paidRequests.incrementAndGet();
        return Optional.ofNullable(faults.poll()).orElse(new Fault.None());
    }

    private static void refuse(HttpExchange exchange, Fault.Refuse refuse) throws IOException {
        refuse.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("content-type", "application/json");
        byte[] bytes = refuse.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(refuse.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void give(HttpExchange exchange, HttpResponse<byte[]> answer, int bytes) throws IOException {
        byte[] given = exchange.getRequestMethod().equals("POST") ? change.apply(answer.body()) : answer.body();
        for (String name : ANSWER_HEADERS) {
            answer.headers().firstValue(name).ifPresent(value -> exchange.getResponseHeaders().set(name, value));
        }
        exchange.sendResponseHeaders(answer.statusCode(), given.length == 0 ? -1 : given.length);
        exchange.getResponseBody().write(given, 0, Math.min(bytes, given.length));
        exchange.getResponseBody().flush();
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node + exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        for (String name : REQUEST_HEADERS) {
            Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).ifPresent(value -> request.header(name, value));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        http.close();
    }
}
