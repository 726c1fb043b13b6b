package dev.candor.inference.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** An HTTP client for tests, which holds every exchange with a node against the document that the node serves. */
public final class ContractHttpClient extends HttpClient {
    private final HttpClient http;
    private final Map<String, OpenApiContract> contracts = new ConcurrentHashMap<>();

    private ContractHttpClient(HttpClient http) {
        this.http = http;
    }

    public static HttpClient create() {
        return new ContractHttpClient(HttpClient.newHttpClient());
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException, InterruptedException {
        Optional<OpenApiContract> contract = contract(request.uri());
        HttpResponse<T> response = http.send(request, handler);
        contract.ifPresent(held -> check(held, request, response));
        return response;
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        Optional<OpenApiContract> contract = contract(request.uri());
        return http.sendAsync(request, handler).thenApply(response -> {
            contract.ifPresent(held -> check(held, request, response));
            return response;
        });
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, HttpResponse.BodyHandler<T> handler, HttpResponse.PushPromiseHandler<T> pushes) {
        return sendAsync(request, handler);
    }

    private static <T> void check(OpenApiContract contract, HttpRequest request, HttpResponse<T> response) {
        byte[] body = switch (response.body()) {
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            case byte[] bytes -> bytes;
            case null, default -> null;
        };
        contract.check(request.method(), request.uri().getRawPath(), sent(request), response.statusCode(),
                name -> response.headers().firstValue(name), body);
    }

    /** Of the node, where it answers. */
    private Optional<OpenApiContract> contract(URI uri) {
        OpenApiContract known = contracts.computeIfAbsent(uri.getAuthority(), authority -> {
            try {
                URI document = URI.create(uri.getScheme() + "://" + authority + "/openapi.json");
                HttpResponse<byte[]> served = http.send(HttpRequest.newBuilder(document).build(), HttpResponse.BodyHandlers.ofByteArray());
                return served.statusCode() == 200 ? new OpenApiContract(Client.JSON.readTree(served.body())) : null;
            } catch (IOException e) {
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        });
        return Optional.ofNullable(known);
    }

    private static byte[] sent(HttpRequest request) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CompletableFuture<Void> whole = new CompletableFuture<>();
        request.bodyPublisher().ifPresentOrElse(body -> body.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer bytes) {
                byte[] some = new byte[bytes.remaining()];
                bytes.get(some);
                out.writeBytes(some);
            }

            @Override
            public void onError(Throwable failure) {
                whole.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                whole.complete(null);
            }
        }), () -> whole.complete(null));
        whole.join();
        return out.toByteArray();
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return http.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return http.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return http.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return http.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return http.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return http.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return http.authenticator();
    }

    @Override
    public Version version() {
        return http.version();
    }

    @Override
    public Optional<Executor> executor() {
        return http.executor();
    }

    @Override
    public void close() {
        http.close();
    }
}
