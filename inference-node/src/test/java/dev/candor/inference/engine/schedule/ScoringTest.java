package dev.candor.inference.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ScoringTask;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.engine.testing.Recording;
import dev.candor.inference.engine.testing.ScriptedRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transcripts are scored with the memory that sequences leave over, in bounded time, and disturb nobody. */
@Timeout(180)
class ScoringTest {
    private static final ScriptedRunner.Shape SHAPE = ScriptedRunner.Shape.exactOnes();
    private static final int BLOCKS = 12;
    /** So little that two sequences can hold all of it. */
    private static final EngineOptions SHORT = Engines.OPTIONS.withKvBytes(BLOCKS * 64L * Long.BYTES).withPrefixCache(false).withSpeculation(false);
    private static final int CONTEXT = BLOCKS / 2 * 64;

    @Test
    void memoryGoesToSequencesFirstAndEveryPositionIsToldOnceAllTheSame() throws Exception {
        List<GenerationRequest> others = Engines.mixture(40, 150, 150);
        List<Recording> answers = new ArrayList<>();
        List<Rows> scored = new ArrayList<>();
        try (Engines engines = new Engines(SHAPE, SHORT)) {
            for (int i = 0; i < others.size(); i++) {
                answers.add(engines.submit(others.get(i)));
                if (i % 5 == 0) {
                    scored.add(score(engines, new Rows(Engines.prompt(i, CONTEXT - i), 20 + i)));
                }
            }
            for (int i = 0; i < others.size(); i++) {
                assertThat(answers.get(i).result().tokens()).as("request %d", i).isEqualTo(Engines.alone(SHAPE, others.get(i)).tokens());
            }
            for (Rows rows : scored) {
                rows.await();
                assertThat(rows.told).hasSize(rows.tokens.length - 1 - rows.first).isEqualTo(alone(rows));
            }
            Engines.awaitNothingHeld(engines.engine());
            assertThat(engines.runner().peakBlocks()).isLessThanOrEqualTo(BLOCKS);
        }
    }

    @Test
    void whereMemoryNeverComesTheTranscriptFailsAndTheOthersNeverNotice() throws Exception {
        GenerationRequest one = Engines.request(Engines.prompt(1, 180), 150);
        GenerationRequest other = Engines.request(Engines.prompt(2, 180), 150);
        try (Engines engines = new Engines(SHAPE, SHORT)) {
            Recording first = engines.submit(one);
            Recording second = engines.submit(other);
            engines.runner().holdAfter(40);
            engines.runner().awaitHeld();
            Rows starved = score(engines, new Rows(Engines.prompt(3, CONTEXT), 5));
            Rows behind = score(engines, new Rows(Engines.prompt(4, CONTEXT), 5));
            engines.runner().allow(2);
            engines.runner().awaitHeld();
            assertThat(starved.end).isNotDone();

            engines.runner().advance(PendingTranscript.PATIENCE);
            engines.runner().allow(2);
            assertThatThrownBy(starved::await).hasCauseInstanceOf(EngineOverloadedException.class).hasMessageContaining("left no memory or time");
            assertThatThrownBy(behind::await).hasCauseInstanceOf(EngineOverloadedException.class);
            engines.runner().release();
            assertThat(first.result().tokens()).isEqualTo(Engines.alone(SHAPE, one).tokens());
            assertThat(second.result().tokens()).isEqualTo(Engines.alone(SHAPE, other).tokens());
            assertThat(engines.stats().preemptions()).isZero();

            Rows later = score(engines, new Rows(Engines.prompt(3, CONTEXT), 5));
            later.await();
            assertThat(later.told).isEqualTo(alone(later));
        }
    }

    @Test
    void noSequenceIsPutBackForWhatATranscriptHolds() throws Exception {
        List<GenerationRequest> both = List.of(Engines.request(Engines.prompt(1, 180), 150), Engines.request(Engines.prompt(2, 180), 150));
        try (Engines engines = new Engines(SHAPE, SHORT)) {
            engines.runner().holdAfter(0);
            List<Recording> answers = List.of(engines.submit(both.getFirst()), engines.submit(both.getLast()));
            List<Rows> scored = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                scored.add(score(engines, new Rows(Engines.prompt(3 + i, CONTEXT), 5)));
            }
            engines.runner().release();
            for (int i = 0; i < both.size(); i++) {
                assertThat(answers.get(i).result().tokens()).isEqualTo(Engines.alone(SHAPE, both.get(i)).tokens());
            }
            for (Rows rows : scored) {
                rows.await();
                assertThat(rows.told).isEqualTo(alone(rows));
            }
            assertThat(engines.stats().preemptions()).isZero();
        }
    }

    @Test
    void aTranscriptThatHasWaitedLongGoesBeforeFurtherBatchWork() throws Exception {
        List<GenerationRequest> batch = Collections.nCopies(60, Engines.request(Engines.prompt(1, 180), SamplingParams.greedy(), 190, Engines.batch()));
        try (Engines engines = new Engines(SHAPE, SHORT)) {
            engines.runner().holdAfter(0);
            List<Recording> answers = new ArrayList<>();
            for (GenerationRequest request : batch) {
                answers.add(engines.submit(request));
            }
            engines.runner().awaitHeld();
            Rows rows = score(engines, new Rows(Engines.prompt(3, CONTEXT), 5));
            engines.runner().allow(200);
            engines.runner().awaitHeld();
            assertThat(rows.end).isNotDone();

            engines.runner().advance(Scoring.AGED);
            engines.runner().release();
            rows.await();
            assertThat(engines.stats().waiting()).isGreaterThan(20);
            int[] alone = Engines.alone(SHAPE, batch.getFirst()).tokens();
            for (Recording answer : answers) {
                assertThat(answer.result().tokens()).isEqualTo(alone);
            }
        }
    }

    @Test
    void aDeadlineOrACancelEndsATranscriptWhileItWaits() throws Exception {
        try (Engines engines = new Engines(SHAPE, SHORT)) {
            engines.submit(Engines.request(Engines.prompt(1, 180), 150));
            engines.submit(Engines.request(Engines.prompt(2, 180), 150));
            engines.runner().holdAfter(40);
            engines.runner().awaitHeld();
            Rows late = score(engines, new Rows(Engines.prompt(3, CONTEXT), 5, OptionalLong.of(engines.runner().nanoTime() + 1)));
            Rows lateBehind = score(engines, new Rows(Engines.prompt(4, CONTEXT), 5, OptionalLong.of(engines.runner().nanoTime() + 1)));
            Rows gone = score(engines, new Rows(Engines.prompt(5, CONTEXT), 5));
            Rows stays = score(engines, new Rows(Engines.prompt(6, 60), 5));
            gone.cancelled = true;
            engines.runner().advance(Duration.ofSeconds(1));
            engines.runner().release();

            assertThatThrownBy(late::await).hasCauseInstanceOf(TimeoutException.class);
            assertThatThrownBy(lateBehind::await).hasCauseInstanceOf(TimeoutException.class);
            assertThatThrownBy(gone::await).isInstanceOf(CancellationException.class);
            stays.await();
            assertThat(stays.told).isEqualTo(alone(stays));
        }
    }

    @Test
    void aTranscriptWhoseLogitsAreNoNumbersFailsAlone() throws Exception {
        int[] bad = Engines.prompt(5, 100);
        bad[12] = ScriptedRunner.NAN;
        GenerationRequest request = Engines.request(Engines.prompt(1, 100), 80);
        try (Engines engines = new Engines(SHAPE, SHORT)) {
            Recording beside = engines.submit(request);
            Rows failing = score(engines, new Rows(bad, 5));
            Rows good = score(engines, new Rows(Engines.prompt(6, 60), 5));

            assertThatThrownBy(failing::await).hasCauseInstanceOf(ModelException.class).hasMessageContaining("not numbers");
            good.await();
            assertThat(good.told).isEqualTo(alone(good));
            assertThat(beside.result().tokens()).isEqualTo(Engines.alone(SHAPE, request).tokens());
        }
    }

    private static Rows score(Engines engines, Rows rows) throws Exception {
        engines.engine().score(rows);
        return rows;
    }

    private static List<List<Float>> alone(Rows rows) throws Exception {
        try (Engines engines = new Engines(SHAPE, Engines.OPTIONS)) {
            Rows again = score(engines, new Rows(rows.tokens, rows.first));
            again.await();
            return again.told;
        }
    }

    /** Keeps what it is told. */
    private static final class Rows implements ScoringTask {
        private final int[] tokens;
        private final int first;
        private final OptionalLong deadline;
        private final List<List<Float>> told = Collections.synchronizedList(new ArrayList<>());
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private volatile boolean cancelled;

        Rows(int[] tokens, int first) {
            this(tokens, first, OptionalLong.empty());
        }

        Rows(int[] tokens, int first, OptionalLong deadline) {
            this.tokens = tokens;
            this.first = first;
            this.deadline = deadline;
        }

        void await() throws InterruptedException, ExecutionException, TimeoutException {
            end.get(60, TimeUnit.SECONDS);
        }

        @Override
        public int[] tokens() {
            return tokens;
        }

        @Override
        public int firstRow() {
            return first;
        }

        @Override
        public boolean row(float[] logits) {
            told.add(List.of(logits[0], logits[1], logits[2]));
            return true;
        }

        @Override
        public boolean cancelled() {
            return cancelled;
        }

        @Override
        public OptionalLong deadlineNanos() {
            return deadline;
        }

        @Override
        public void finished() {
            if (cancelled) {
                end.cancel(false);
            }
            end.complete(null);
        }

        @Override
        public void failed(Exception failure) {
            end.completeExceptionally(failure);
        }
    }
}
