package dev.candor.bench.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What is measured of whoever makes vectors. */
final class EmbeddingBench {
    static final List<Integer> CONCURRENCY = List.of(1, 8, 32);
    static final List<Integer> LENGTHS = List.of(16, 128);
    private static final int PROBE = 64;
    private static final int WARM_UP_CONCURRENCY = 8;
    private static final int FEWEST = 8;
    /** The tokenizer adds a beginning and an end. */
    private static final int FRAME = 2;

    private final Prompts prompts;
    private final Plan plan;

    /** @param prompts by the embedding model's tokenizer, or one like it */
    EmbeddingBench(Prompts prompts, Plan plan) {
        this.prompts = prompts;
        this.plan = plan;
    }

    static String measure(int concurrency, int tokens) {
        return tokens + " tok c" + concurrency;
    }

    void warmUp(EmbeddingServer server) throws IOException, InterruptedException {
        for (int tokens : LENGTHS) {
            long begin = System.nanoTime();
            do {
                server.embed(texts(PROBE, tokens), WARM_UP_CONCURRENCY, false);
            } while (System.nanoTime() - begin < plan.warmUpMillis() * 1_000_000L);
        }
    }

    /** One round at each setting; adds requests a second and each request's milliseconds. */
    void round(String peer, EmbeddingServer server, Figures figures) throws IOException, InterruptedException {
        for (int tokens : LENGTHS) {
            for (int concurrency : CONCURRENCY) {
                EmbeddingRound probe = server.embed(texts(Math.max(FEWEST, concurrency), tokens), concurrency, false);
                double each = probe.seconds() / probe.millis().length;
                int count = (int) Math.clamp(plan.embedMillis() / 1e3 / each, 2L * concurrency + FEWEST, 4000);
                EmbeddingRound round = server.embed(texts(count, tokens), concurrency, false);
                figures.add(peer, measure(concurrency, tokens) + " rps", count / round.seconds());
                figures.add(peer, measure(concurrency, tokens) + " ms", round.millis());
            }
        }
    }

    private List<String> texts(int count, int tokens) {
        List<String> texts = new ArrayList<>();
        IntStream.range(0, count).forEach(i -> texts.add(prompts.unseen(tokens - FRAME)));
        return texts;
    }

    /** Texts whose vectors are compared. */
    List<String> sample() {
        return texts(FEWEST, LENGTHS.getFirst());
    }

    /** The least cosine between vectors of the same texts. */
    static double leastCosine(float[][] one, float[][] other) {
        return IntStream.range(0, one.length).mapToDouble(i -> cosine(one[i], other[i])).min().orElseThrow();
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }
        return dot / Math.sqrt(aa * bb);
    }
}
