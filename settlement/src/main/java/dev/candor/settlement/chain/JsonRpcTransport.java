package dev.candor.settlement.chain;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.web3j.protocol.Service;

/** Carries web3j's JSON-RPC over the JDK's HTTP client, with short timeouts and a bound on the answer's size. */
final class JsonRpcTransport extends Service {
    private static final int MAX_ANSWER_BYTES = 8 << 20;

    private final URI endpoint;
    private final Duration timeout;
    private final HttpClient http;

    JsonRpcTransport(URI endpoint, Duration timeout) {
        super(false);
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    URI endpoint() {
        return endpoint;
    }

    @Override
    protected InputStream performIO(String request) throws IOException {
        HttpRequest post = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request))
                .build();
        // The request's own timeout ends with the answer's head; this one covers its body too.
        CompletableFuture<HttpResponse<byte[]>> exchange = http.sendAsync(
                post, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
        try {
            HttpResponse<byte[]> answer = exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() / 100 != 2 && !looksLikeJson(answer.body())) {
                throw new IOException("HTTP status " + answer.statusCode());
            }
            return new ByteArrayInputStream(answer.body());
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the chain");
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new IOException("no answer within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    private static boolean looksLikeJson(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == '{';
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
