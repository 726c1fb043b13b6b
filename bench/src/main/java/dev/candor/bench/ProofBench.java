package dev.candor.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients that stream answers from a node at once, over real connections. */
final class ProofBench implements AutoCloseable {
    /**
     * What a round took.
     *
     * @param tokensPerSecond  all streams together
     * @param latenciesMillis whole requests, receipt included
     */
    record Round(double tokensPerSecond, double[] latenciesMillis) {}

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final URI node;
    private final int streams;
    private final int requests;
    private final int tokens;

    ProofBench(URI node, int streams, int requests, int tokens) {
        this.node = node;
        this.streams = streams;
        this.requests = requests;
        this.tokens = tokens;
    }

    /** @param verification {@code none} or {@code tee} */
    Round round(String verification) throws InterruptedException, IOException {
        long begin = System.nanoTime();
        List<Future<double[]>> clients = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            int client = i;
            clients.add(threads.submit(() -> client(client, verification)));
        }
        double[] latencies = new double[streams * requests];
        try {
            for (int i = 0; i < streams; i++) {
                System.arraycopy(clients.get(i).get(), 0, latencies, i * requests, requests);
            }
        } catch (ExecutionException e) {
            throw new IOException("a stream failed: " + e.getCause().getMessage(), e.getCause());
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Round(streams * requests * tokens / seconds, latencies);
    }

    private double[] client(int client, String verification) throws IOException, InterruptedException {
        double[] latencies = new double[requests];
        for (int i = 0; i < requests; i++) {
            long begin = System.nanoTime();
            HttpResponse<String> answer = http.send(request(client, verification), HttpResponse.BodyHandlers.ofString());
            latencies[i] = (System.nanoTime() - begin) / 1e6;
            boolean proven = answer.body().contains(": candor-receipt ");
            if (answer.statusCode() != 200 || !answer.body().endsWith("data: [DONE]\n\n") || proven != verification.equals("tee")) {
                throw new IOException("status " + answer.statusCode() + ", " + answer.body().lines().findFirst().orElse("empty"));
            }
        }
        return latencies;
    }

    private HttpRequest request(int client, String verification) {
        String body = """
                {"model":"smollm2-135m-instruct","stream":true,"temperature":0,"max_tokens":%d,"ignore_eos":true,"verification":"%s",\
                "messages":[{"role":"user","content":"Number %d: explain what a computer program is."}]}"""
                .formatted(tokens, verification, client);
        return HttpRequest.newBuilder(node.resolve("/v1/chat/completions"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    @Override
    public void close() {
        threads.close();
        http.close();
    }
}
