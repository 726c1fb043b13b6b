package dev.candor.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that answers {@code POST /v1/embeddings} as OpenAI does.
 *
 * @param extras members of each request in the server's own words
 */
record HttpEmbeddings(HttpClient http, URI base, String model, Map<String, Object> extras) implements EmbeddingServer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Override
    public EmbeddingRound embed(List<String> texts, int concurrency, boolean keep) throws IOException, InterruptedException {
        double[] millis = new double[texts.size()];
        float[][] vectors = new float[keep ? texts.size() : 0][];
        AtomicInteger next = new AtomicInteger();
        List<Callable<Boolean>> clients = new ArrayList<>();
        for (int i = 0; i < concurrency; i++) {
            clients.add(() -> {
                for (int n = next.getAndIncrement(); n < texts.size(); n = next.getAndIncrement()) {
                    long begin = System.nanoTime();
                    byte[] answer = ask(texts.get(n));
                    millis[n] = (System.nanoTime() - begin) / 1e6;
                    if (keep) {
                        vectors[n] = vector(answer);
                    }
                }
                return true;
            });
        }
        long begin = System.nanoTime();
        Together.run(clients);
        return new EmbeddingRound((System.nanoTime() - begin) / 1e9, millis, vectors);
    }

    private byte[] ask(String text) throws IOException, InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("model", model).put("input", text);
        extras.forEach((name, value) -> body.set(name, JSON.valueToTree(value)));
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/v1/embeddings"))
                .timeout(LIMIT)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException("status " + answer.statusCode() + ": " + new String(answer.body()));
        }
        return answer.body();
    }

    private static float[] vector(byte[] answer) throws IOException {
        JsonNode values = JSON.readTree(answer).at("/data/0/embedding");
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) values.get(i).asDouble();
        }
        return vector;
    }
}
