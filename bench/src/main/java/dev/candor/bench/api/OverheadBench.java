package dev.candor.bench.api;

import dev.candor.inference.engine.GenerationRequest;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Answers from the engine of a running node, asked for in the process and over HTTP. */
final class OverheadBench implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final URI node;
    private final Chats chats;

    OverheadBench(URI node, Chats chats) {
        this.node = node;
        this.chats = chats;
    }

    /** How an answer is asked for. */
    enum Way {
        ENGINE("engine"),
        HTTP("HTTP"),
        HTTP_TEE("HTTP with receipts");

        private final String words;

        Way(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        String verification() {
            return this == HTTP_TEE ? "tee" : "none";
        }
    }

    /** Seconds from the first request to the last answer's end, of as many answers at once. */
    double together(Way way, int streams, int tokens) throws Exception {
        if (way == Way.ENGINE) {
            List<GenerationRequest> requests = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                requests.add(chats.sequence(i, tokens));
            }
            return timed(requests.stream().map(request -> (Callable<Void>) () -> answer(request)).toList());
        }
        List<RawClient> clients = new ArrayList<>();
        try {
            List<Callable<Void>> exchanges = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                RawClient client = new RawClient(node);
                clients.add(client);
                byte[] request = RawClient.request(chats.body(i, tokens, way.verification(), true).toString());
                exchanges.add(() -> stream(client, request));
            }
            return timed(exchanges);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private Void answer(GenerationRequest request) throws Exception {
        Ending ending = new Ending();
        chats.model().engine().submit(request, ending);
        int tokens = ending.await().tokens().length;
        if (tokens != request.maxTokens()) {
            throw new IOException("the engine gave " + tokens + " of " + request.maxTokens() + " tokens");
        }
        return null;
    }

    private static Void stream(RawClient client, byte[] request) throws IOException {
        String answer = client.exchange(request);
        if (!answer.contains("\"finish_reason\":\"length\"") || !answer.contains("data: [DONE]")) {
            throw new IOException("the stream ended otherwise than by its length");
        }
        return null;
    }

    private double timed(List<Callable<Void>> all) throws Exception {
        long begin = System.nanoTime();
        List<Future<Void>> futures = all.stream().map(threads::submit).toList();
        try {
            for (Future<Void> each : futures) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Milliseconds of each of some requests for one token, one after the other, the ways in turns. @return by way, then by request */
    double[][] single(int requests, boolean stream) throws Exception {
        double[][] millis = new double[Way.values().length][requests];
        try (RawClient client = new RawClient(node)) {
            GenerationRequest sequence = chats.sequence(0, 1);
            byte[][] bytes = new byte[Way.values().length][];
            for (Way way : Way.values()) {
                bytes[way.ordinal()] = RawClient.request(chats.body(0, 1, way.verification(), stream).toString());
            }
            for (int i = 0; i < requests; i++) {
                for (int turn = 0; turn < millis.length; turn++) {
                    Way way = Way.values()[(turn + i) % millis.length];
                    long begin = System.nanoTime();
                    if (way == Way.ENGINE) {
                        answer(sequence);
                    } else {
                        client.exchange(bytes[way.ordinal()]);
                    }
                    millis[way.ordinal()][i] = (System.nanoTime() - begin) / 1e6;
                }
            }
        }
        return millis;
    }

    @Override
    public void close() {
        threads.close();
    }
}
