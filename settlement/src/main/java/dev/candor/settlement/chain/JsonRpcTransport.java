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
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request))
                .build();
        try {
            HttpResponse<InputStream> answer = http.send(post, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                byte[] bytes = body.readNBytes(MAX_ANSWER_BYTES + 1);
                if (bytes.length > MAX_ANSWER_BYTES) {
                    throw new IOException("the answer is longer than " + MAX_ANSWER_BYTES + " bytes");
                }
                if (answer.statusCode() / 100 != 2 && !looksLikeJson(bytes)) {
                    throw new IOException("HTTP status " + answer.statusCode());
                }
                return new ByteArrayInputStream(bytes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the chain");
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
