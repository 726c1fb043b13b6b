package dev.candor.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Stream;

/** Streams answers and notes when each piece came. Thread-safe. */
final class ChatClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String DATA = "data: ";

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** @throws IOException if the answer is not a whole one of {@code maxTokens} tokens */
    ChatTiming stream(ChatServer server, String prompt, int maxTokens) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.base().resolve("/v1/chat/completions"))
                .timeout(LIMIT)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body(server, prompt, maxTokens))))
                .build();
        try {
            return stream(request, maxTokens);
        } catch (NothingCameException e) {
            return stream(request, maxTokens);
        }
    }

    /** A server may give a connection up, after so many requests or so long, just when the next one is on its way. */
    private static final class NothingCameException extends IOException {
        NothingCameException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private ChatTiming stream(HttpRequest request, int maxTokens) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        HttpResponse<Stream<String>> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofLines());
        } catch (HttpTimeoutException e) {
            throw e;
        } catch (IOException e) {
            throw new NothingCameException(e);
        }
        try (Stream<String> lines = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode() + ": " + lines.findFirst().orElse("empty"));
            }
            return read(begin, lines.iterator(), maxTokens);
        }
    }

    /** The text is the first message, so that what answers share is no longer than a template's beginning. */
    private static ObjectNode body(ChatServer server, String prompt, int maxTokens) {
        ObjectNode body = JSON.createObjectNode()
                .put("model", server.model())
                .put("stream", true)
                .put("temperature", 0)
                .put("max_tokens", maxTokens)
                .put("ignore_eos", true);
        body.putObject("stream_options").put("include_usage", true);
        body.putArray("messages").addObject().put("role", "system").put("content", prompt);
        body.withArray("messages").addObject().put("role", "user").put("content", "Go on.");
        server.extras().forEach((name, value) -> body.set(name, JSON.valueToTree(value)));
        return body;
    }

    private static ChatTiming read(long begin, Iterator<String> lines, int maxTokens) throws IOException {
        long[] pieces = new long[maxTokens];
        int count = 0;
        int prompt = 0;
        int completion = 0;
        boolean done = false;
        while (lines.hasNext()) {
            String line = lines.next();
            if (!line.startsWith(DATA)) {
                continue;
            }
            long now = System.nanoTime();
            if (line.equals("data: [DONE]")) {
                done = true;
                continue;
            }
            JsonNode event = JSON.readTree(line.substring(DATA.length()));
            if (event.has("error")) {
                throw new IOException(event.path("error").toString());
            }
            boolean text = !event.at("/choices/0/delta/content").asText("").isEmpty();
            // An answer may be of tokens that make no text; its end is then all that can be seen of it.
            boolean mute = count == 0 && !event.at("/choices/0/finish_reason").asText("").isEmpty();
            if ((text || mute) && count < maxTokens) {
                pieces[count++] = now;
            }
            if (event.path("usage").isObject()) {
                prompt = event.at("/usage/prompt_tokens").asInt();
                completion = event.at("/usage/completion_tokens").asInt();
            }
        }
        if (!done || count == 0 || completion != maxTokens) {
            throw new IOException("the answer has " + completion + " tokens in " + count + " pieces instead of " + maxTokens + (done ? "" : ", and no end"));
        }
        return new ChatTiming(begin, Arrays.copyOf(pieces, count), prompt, completion);
    }

    @Override
    public void close() {
        http.close();
    }
}
