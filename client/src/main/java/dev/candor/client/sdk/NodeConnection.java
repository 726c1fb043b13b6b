package dev.candor.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** HTTP to one node. Thread-safe. */
public final class NodeConnection {
    /** Longest JSON answer read, in bytes. */
    static final int MAX_BODY = 32 << 20;

    private static final Duration GET_TIMEOUT = Duration.ofSeconds(20);
    /** How long a call may take whose caller does not say. */
    static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(30);

    private final HttpClient http;
    private final URI base;
    private final Map<String, String> headers;
    private final ObjectMapper json = new ObjectMapper();

    /** @param base the node's URL, with or without a path prefix */
    public NodeConnection(HttpClient http, URI base) {
        this(http, base, Map.of());
    }

    /** @param headers sent with every request, for example {@code Authorization} */
    public NodeConnection(HttpClient http, URI base, Map<String, String> headers) {
        this.http = http;
        this.headers = Map.copyOf(headers);
        this.base = base.getPath().endsWith("/") ? base : URI.create(base + "/");
    }

    /** The node's URL. */
    public URI base() {
        return base;
    }

    /** The JSON at {@code path}; empty for a 404. */
    public Optional<JsonNode> get(String path) throws NodeException, InterruptedException {
        NodeAnswer response = fetch(path, "application/json");
        if (response.status() == 404) {
            return Optional.empty();
        }
        if (response.status() != 200) {
            throw new NodeException("the node answered " + response.status() + " to GET " + path + ": " + message(response.body()));
        }
        try {
            return Optional.of(json.readTree(response.body()));
        } catch (IOException e) {
            throw new NodeException("the node's answer to GET " + path + " is not JSON", e);
        }
    }

    /** The bytes at {@code path}, with status and headers, whatever they are. */
    public NodeAnswer fetch(String path, String accept) throws NodeException, InterruptedException {
        return send("GET", path, Map.of("Accept", accept), new byte[0]);
    }

    /**
     * The answer to a request that nothing is paid for and that no receipt is expected of.
     *
     * @param further headers beside those that all requests have
     * @param body    empty for none
     */
    public NodeAnswer send(String method, String path, Map<String, String> further, byte[] body) throws NodeException, InterruptedException {
        HttpRequest.BodyPublisher content = body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(resolve(path)).timeout(GET_TIMEOUT).method(method, content);
        headers.forEach(request::setHeader);
        further.forEach(request::setHeader);
        try {
            HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            return new NodeAnswer(response.statusCode(), response.headers(), bounded(response.body()));
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** Posts a body; the answer's body is open and must be closed. Whatever ends {@code control} ends both. */
    HttpResponse<InputStream> post(String path, byte[] body, Map<String, String> further, CallControl control) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        further.forEach(request::setHeader);
        CompletableFuture<HttpResponse<InputStream>> answer = http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        control.guard(() -> answer.cancel(true));
        try {
            HttpResponse<InputStream> response = answer.get();
            control.guard(response.body());
            return response;
        } catch (CancellationException e) {
            throw new IOException("the request was given up", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    /** The client's own exception names its thread; a new one of the same kind names the caller's. */
    private static IOException failure(Throwable cause) {
        if (cause instanceof ConnectException refused) {
            ConnectException here = new ConnectException(refused.getMessage());
            here.initCause(refused.getCause() == null ? refused : refused.getCause());
            return here;
        }
        return new IOException(cause.getMessage(), cause);
    }

    /** Host and port, as limits of spending name a node. */
    public String host() {
        return base.getAuthority();
    }

    static byte[] bounded(InputStream body) throws IOException {
        try (body) {
            byte[] bytes = body.readNBytes(MAX_BODY + 1);
            if (bytes.length > MAX_BODY) {
                throw new IOException("the node's answer is longer than " + MAX_BODY + " bytes");
            }
            return bytes;
        }
    }

    /** The message of an OpenAI-shaped error body, or the start of whatever it is. */
    String message(byte[] body) {
        try {
            JsonNode node = json.readTree(body);
            String message = node.path("error").path("message").asText("");
            return message.isEmpty() ? node.toString() : message;
        } catch (IOException e) {
            String text = new String(body, StandardCharsets.UTF_8);
            return text.length() > 200 ? text.substring(0, 200) + "…" : text;
        }
    }

    NodeException unreachable(IOException cause) {
        String reason = reason(cause);
        return new NodeException(NodeException.Kind.UNREACHABLE, "cannot reach the node at " + base + " (" + reason + "); start one with ./candor up, or name another with --node URL", cause);
    }

    private static String reason(IOException cause) {
        if (cause instanceof ConnectException) {
            return cause.getCause() instanceof UnresolvedAddressException ? "its name cannot be resolved" : "nothing listens there";
        }
        return String.valueOf(cause.getMessage());
    }

    private URI resolve(String path) {
        return base.resolve(path.startsWith("/") ? path.substring(1) : path);
    }
}
