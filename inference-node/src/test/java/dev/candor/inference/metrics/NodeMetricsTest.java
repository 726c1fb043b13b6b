package dev.candor.inference.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.EngineStats;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.ModelEngine;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.engine.schedule.BatchingEngine;
import dev.candor.inference.engine.testing.Recording;
import dev.candor.inference.engine.testing.ScriptedRunner;
import dev.candor.inference.testing.CharTokenizer;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NodeMetricsTest {
    private static final String MODEL = "toy";
    private static final int NO_END = 127;

    private final NodeMetrics metrics = new NodeMetrics();

    @Test
    void countersGoOnWithTheEngineAfterGarbageWasCollected() throws Exception {
        try (BatchingEngine engine = start()) {
            metrics.watchEngine(MODEL, engine);
            collectGarbage();
            answer(engine);
            answer(engine);
            awaitNothingHeld(engine);

            EngineStats stats = engine.stats();
            assertThat(List.of(stats.prefixes().hits(), stats.drafts().accepted())).allMatch(count -> count > 0);
            assertThat(value("prefix_cache_queries_total")).isEqualTo(stats.prefixes().queried());
            assertThat(value("prefix_cache_hits_total")).isEqualTo(stats.prefixes().hits());
            assertThat(value("spec_decode_num_drafts_total")).isEqualTo(stats.drafts().drafts());
            assertThat(value("spec_decode_num_draft_tokens_total")).isEqualTo(stats.drafts().tokens());
            assertThat(value("spec_decode_num_accepted_tokens_total")).isEqualTo(stats.drafts().accepted());
            assertThat(value("candor_kv_memory_used_bytes")).isPositive();
        }
    }

    @Test
    void anEngineThatGeneratesNothingHasNoSeriesOfMemoryAndGuesses() {
        metrics.watchEngine(MODEL, new Reader());

        assertThat(metrics.prometheus())
                .contains("num_requests_running{", "num_requests_waiting{", "candor_tokens_per_second{")
                .doesNotContain("kv_", "prefix_cache", "spec_decode", "num_preemptions");
    }

    @Test
    void everyMetricSaysWhatItIs() throws Exception {
        try (BatchingEngine engine = start()) {
            metrics.watchEngine(MODEL, engine);
            NodeMetrics.RequestMeasurement request = metrics.request(MODEL);
            request.tokens(1);
            request.tokens(2);
            GenerationResult result = answer(engine).result();
            request.finished(result.promptTokens(), List.of(result));
            metrics.request(MODEL).failed();
            metrics.infer(MODEL).finished(1);
            metrics.infer(MODEL).encoded(1);
            metrics.error("some_code");

            assertThat(metrics.prometheus().lines().filter(line -> line.startsWith("# HELP "))).hasSizeGreaterThan(20).allMatch(line -> line.matches("# HELP \\S+ \\S.*"));
        }
    }

    @Test
    void anEngineThatIsLetGoOfHasNoSeriesLeftAndMayComeAgain() throws Exception {
        try (BatchingEngine engine = start()) {
            metrics.watchEngine(MODEL, engine);
            metrics.forgetEngine(MODEL);
            assertThat(metrics.prometheus()).doesNotContain(MODEL);

            metrics.watchEngine(MODEL, engine);
            answer(engine);
            assertThat(value("prefix_cache_queries_total")).isPositive();
        }
    }

    private static BatchingEngine start() {
        EngineOptions options = new EngineOptions(10, 256, Duration.ofSeconds(30));
        return BatchingEngine.start(new ScriptedRunner(ScriptedRunner.Shape.exactOnes()), new CharTokenizer(), List.of(NO_END), options);
    }

    private static Recording answer(BatchingEngine engine) throws Exception {
        int[] prompt = new Random(1).ints(200, 0, ScriptedRunner.ORDINARY).toArray();
        Recording recording = new Recording();
        engine.submit(new GenerationRequest(prompt, SamplingParams.greedy(), 300, 0, List.of(), true), recording);
        recording.result();
        return recording;
    }

    private double value(String name) {
        return metrics.prometheus().lines().filter(line -> line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).findFirst().orElseThrow();
    }

    /** The last step is counted just after the end is told, and before memory goes back. */
    private static void awaitNothingHeld(BatchingEngine engine) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (engine.stats().kv().live() != 0) {
            assertThat(System.nanoTime()).as("memory given back in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static void collectGarbage() {
        WeakReference<Object> gone = new WeakReference<>(new Object());
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (gone.get() != null) {
            assertThat(System.nanoTime()).as("garbage collected in time").isLessThan(deadline);
            System.gc();
        }
    }

    private static final class Reader implements ModelEngine {
        @Override
        public EngineInfo info() {
            throw new UnsupportedOperationException();
        }

        @Override
        public EngineStats stats() {
            return new EngineStats(0, 0, 0, 0, 0);
        }

        @Override
        public boolean healthy() {
            return true;
        }

        @Override
        public void close() {}
    }
}
