package dev.candor.bench;

import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.Generation;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.engine.sampling.SamplingParams;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/** What streams that decode feel of a long prompt that comes in between: the time from token to token, without it and beside it. */
final class LongPromptBench {
    private static final int PROMPT = 100;
    private static final int TOKENS_ALONE = 150;

    private final InferenceEngine engine;
    private final int vocabulary;
    private final int longPrompt;
    private final Random random = new Random(1);

    /** @param longPrompt tokens of the long prompt */
    LongPromptBench(InferenceEngine engine, int vocabulary, int longPrompt) {
        this.engine = engine;
        this.vocabulary = vocabulary;
        this.longPrompt = longPrompt;
    }

    /**
     * One measurement.
     *
     * @param alone      milliseconds from token to token of all streams, before the long prompt came
     * @param beside     the same while it was computed
     * @param ttftMillis time to the long prompt's own first token
     */
    record Sample(int streams, double[] alone, double[] beside, double ttftMillis) {}

    Sample measure(int streams) throws EngineOverloadedException, ExecutionException, InterruptedException {
        List<GapClock> clocks = new ArrayList<>();
        List<Generation> generations = new ArrayList<>();
        int room = engine.info().contextLength() - PROMPT;
        for (int i = 0; i < streams; i++) {
            clocks.add(new GapClock(TOKENS_ALONE));
            generations.add(engine.submit(request(PROMPT, room), clocks.get(i)));
        }
        for (GapClock clock : clocks) {
            clock.awaitEnough();
        }
        long begin = clocks.stream().mapToLong(GapClock::first).max().orElseThrow();
        long submitted = System.nanoTime();
        GapClock prompt = new GapClock(1);
        engine.submit(request(longPrompt, 1), prompt);
        prompt.await();
        long end = System.nanoTime();
        generations.forEach(Generation::cancel);
        for (GapClock clock : clocks) {
            clock.await();
        }
        return new Sample(streams, gaps(clocks, begin, submitted), gaps(clocks, submitted, end), (end - submitted) / 1e6);
    }

    private static double[] gaps(List<GapClock> clocks, long from, long to) {
        return clocks.stream().flatMap(clock -> clock.gaps(from, to).stream()).mapToDouble(Double::doubleValue).toArray();
    }

    /** Random tokens, so that nothing is known of a prompt beforehand. */
    private GenerationRequest request(int promptTokens, int maxTokens) {
        int[] tokens = IntStream.range(0, promptTokens).map(i -> 3 + random.nextInt(vocabulary - 3)).toArray();
        return new GenerationRequest(tokens, SamplingParams.greedy(), maxTokens, 0, List.of(), true);
    }
}
