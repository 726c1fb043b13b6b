package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.EngineStats;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.Priority;
import dev.candor.inference.engine.ServiceTerms;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.engine.testing.Recording;
import dev.candor.inference.engine.testing.ScriptedRunner;
import dev.candor.inference.testing.CharTokenizer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;

/** An engine over a scripted runner, and requests for it. */
final class Engines implements AutoCloseable {
    static final EngineOptions OPTIONS = new EngineOptions(1000, 256, Duration.ofSeconds(30));
    private static final int NO_END = 127;

    private final ScriptedRunner runner;
    private final BatchingEngine engine;

    Engines(ScriptedRunner.Shape shape, EngineOptions options) {
        this(shape, options, Duration.ofHours(1));
    }

    /** @param restAfter how long there must have been nothing to do before the runner rests */
    Engines(ScriptedRunner.Shape shape, EngineOptions options, Duration restAfter) {
        runner = new ScriptedRunner(shape);
        engine = BatchingEngine.start(runner, new CharTokenizer(), List.of(NO_END), options, runner::nanoTime, restAfter);
    }

    ScriptedRunner runner() {
        return runner;
    }

    BatchingEngine engine() {
        return engine;
    }

    EngineStats stats() {
        return engine.stats();
    }

    Recording submit(GenerationRequest request) throws EngineOverloadedException {
        Recording recording = new Recording();
        engine.submit(request, recording);
        return recording;
    }

    GenerationResult answer(GenerationRequest request) throws Exception {
        return submit(request).result();
    }

    /** What a request comes to when nobody else is there and nothing helps. */
    static GenerationResult alone(ScriptedRunner.Shape shape, GenerationRequest request) throws Exception {
        try (Engines engines = new Engines(shape, OPTIONS.withPrefixCache(false).withSpeculation(false))) {
            return engines.answer(request);
        }
    }

    static GenerationRequest request(int[] prompt, int maxTokens) {
        return request(prompt, SamplingParams.greedy(), maxTokens, ServiceTerms.plain());
    }

    static GenerationRequest request(int[] prompt, SamplingParams sampling, int maxTokens, ServiceTerms terms) {
        return new GenerationRequest(prompt, sampling, maxTokens, 0, List.of(), true, terms);
    }

    static ServiceTerms of(String client) {
        return new ServiceTerms(client, Priority.INTERACTIVE, OptionalLong.empty(), false, "");
    }

    static ServiceTerms batch() {
        return new ServiceTerms("", Priority.BATCH, OptionalLong.empty(), false, "");
    }

    static ServiceTerms salted(String salt) {
        return new ServiceTerms("", Priority.INTERACTIVE, OptionalLong.empty(), false, salt);
    }

    static ServiceTerms until(long nanos) {
        return new ServiceTerms("", Priority.INTERACTIVE, OptionalLong.of(nanos), false, "");
    }

    static int[] prompt(long seed, int length) {
        return new Random(seed).ints(length, 0, ScriptedRunner.ORDINARY).toArray();
    }

    static int[] join(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    /** Requests of many lengths, some with a beginning in common, a third of them greedy. */
    static List<GenerationRequest> mixture(int count, int longest, int mostTokens) {
        Random random = new Random(7);
        return IntStream.range(0, count).mapToObj(i -> {
            int length = 1 + random.nextInt(longest);
            int[] prompt = i % 2 == 0 ? prompt(i, length) : join(prompt(1, 150), prompt(i, 1 + length / 2));
            SamplingParams sampling =
                    i % 3 == 0 ? SamplingParams.greedy() : new SamplingParams(0.8, 0.95, i % 2 * 20, 0, 0.3, 0.1, 1.1, i);
            ServiceTerms terms = new ServiceTerms(
                    "client " + i % 5, i % 4 == 3 ? Priority.BATCH : Priority.INTERACTIVE, OptionalLong.empty(), false, "");
            return request(prompt, sampling, 1 + random.nextInt(mostTokens), terms);
        }).toList();
    }

    /** Waits until no sequence holds memory: it is given back just after the end is told. */
    static void awaitNothingHeld(BatchingEngine engine) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (engine.stats().kv().live() != 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(engine.stats().kv().live() + " bytes are still held");
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        runner.release();
        engine.close();
    }
}
