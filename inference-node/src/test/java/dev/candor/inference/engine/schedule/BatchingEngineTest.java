package dev.candor.inference.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.FinishReason;
import dev.candor.inference.engine.Generation;
import dev.candor.inference.engine.GenerationListener;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.engine.ort.OrtModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.engine.testing.FaultyRunner;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.engine.testing.Recording;
import dev.candor.inference.text.HfTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchingEngineTest {
    private static final int SLOTS = 4;
    private static final EngineOptions OPTIONS = new EngineOptions(100, 32, Duration.ofSeconds(60));
    private static final int END = 2;

    @TempDir
    private static Path folder;

    private static VerifiedModel toy;

    private HfTokenizer tokenizer;
    private FaultyRunner runner;
    private BatchingEngine engine;

    @BeforeAll
    static void write() throws IOException {
        toy = ToyModels.write(folder.resolve("toy"));
    }

    @BeforeEach
    void open() throws Exception {
        tokenizer = HfTokenizer.open(toy.tokenizer(), Models.natives());
        start(OPTIONS, END);
    }

    private void start(EngineOptions options, int endToken) throws ModelException {
        OrtOptions ort = new OrtOptions(SLOTS, 0, 1, false);
        runner = new FaultyRunner(OrtModelRunner.open(OrtRuntime.load(Models.natives()), toy.folder(), toy.config(), ort));
        engine = BatchingEngine.start(runner, tokenizer, List.of(endToken), options);
    }

    private void restart(EngineOptions options, int endToken) throws ModelException {
        engine.close();
        start(options, endToken);
    }

    @AfterEach
    void close() {
        runner.release();
        engine.close();
        tokenizer.close();
    }

    @Test
    void aSequenceComesOutTheSameAloneAndInAnyCompany() throws Exception {
        List<GenerationRequest> requests = new ArrayList<>();
        Random random = new Random(8);
        for (int i = 0; i < 24; i++) {
            SamplingParams sampling = i % 3 == 0 ? SamplingParams.greedy() : new SamplingParams(0.9, 0.95, i % 2 * 40, 0, 0.2, 0, 1.1, i);
            requests.add(request(random.ints(1 + random.nextInt(120), 3, 278).toArray(), sampling, 1 + random.nextInt(60)));
        }
        List<GenerationResult> alone = new ArrayList<>();
        for (GenerationRequest request : requests) {
            alone.add(submit(request).result());
        }
        List<Recording> together = new ArrayList<>();
        for (GenerationRequest request : requests) {
            together.add(submit(request));
        }
        for (int i = 0; i < requests.size(); i++) {
            GenerationResult result = together.get(i).result();

            assertThat(result.tokens()).as("request %d", i).isEqualTo(alone.get(i).tokens());
            assertThat(result.text()).isEqualTo(alone.get(i).text()).isEqualTo(together.get(i).text());
            assertThat(result.finishReason()).isEqualTo(alone.get(i).finishReason());
        }
        assertThat(engine.stats().running()).isZero();
        assertThat(engine.stats().waiting()).isZero();
    }

    @Test
    void countsWhatItComputes() throws Exception {
        submit(request(prompt(10), SamplingParams.greedy(), 5)).result();
        submit(request(prompt(20), SamplingParams.greedy(), 7)).result();

        assertThat(engine.stats().promptTokens()).isEqualTo(30);
        assertThat(engine.stats().generatedTokens()).isEqualTo(12);
        assertThat(engine.stats().tokensPerSecond()).as("of the last ten seconds").isBetween(0.0, 1.2);
    }

    @Test
    void endsAtMaxTokensAndAtTheContext() throws Exception {
        GenerationResult limited = submit(request(prompt(10), SamplingParams.greedy(), 5)).result();
        assertThat(limited.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(limited.tokens()).hasSize(5);

        int context = engine.info().contextLength();
        GenerationResult full = submit(request(prompt(context - 3), SamplingParams.greedy(), 50)).result();
        assertThat(full.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(full.tokens()).hasSize(3);
    }

    @Test
    void endsAtAnEndTokenUnlessItIsTooEarlyOrIgnored() throws Exception {
        int[] free = submit(request(prompt(10), SamplingParams.greedy(), 20)).result().tokens();
        restart(OPTIONS, free[3]);

        GenerationResult ended = submit(new GenerationRequest(prompt(10), SamplingParams.greedy(), 20, 0, List.of(), false)).result();
        assertThat(ended.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(ended.tokens()).isEqualTo(Arrays.copyOf(free, firstIndex(free, free[3]) + 1));

        GenerationResult later = submit(new GenerationRequest(prompt(10), SamplingParams.greedy(), 20, 10, List.of(), false)).result();
        assertThat(Arrays.copyOf(later.tokens(), 10)).doesNotContain(free[3]);

        GenerationResult ignored = submit(new GenerationRequest(prompt(10), SamplingParams.greedy(), 20, 0, List.of(), true)).result();
        assertThat(ignored.tokens()).isEqualTo(free);
    }

    private static int firstIndex(int[] values, int value) {
        return Arrays.stream(values).boxed().toList().indexOf(value);
    }

    @Test
    void endsBeforeAStopString() throws Exception {
        String whole = submit(request(prompt(10), SamplingParams.greedy(), 40)).result().text();
        String stop = whole.substring(8, 11);
        Recording stopped = submit(new GenerationRequest(prompt(10), SamplingParams.greedy(), 40, 0, List.of("never", stop), false));

        assertThat(stopped.result().finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(stopped.result().text()).isEqualTo(whole.substring(0, whole.indexOf(stop))).isEqualTo(stopped.text());
        assertThat(stopped.result().tokens().length).isLessThan(40);
    }

    @Test
    void cancelEndsASequenceWithinAStepAndItsListenerHearsOfIt() throws Exception {
        restart(OPTIONS.withSpeculation(false), END);
        runner.holdAfter(3);
        Recording recording = new Recording();
        Generation generation = engine.submit(request(prompt(10), SamplingParams.greedy(), 400), recording);
        runner.awaitHeld();
        generation.cancel();
        generation.cancel();
        runner.release();

        GenerationResult result = recording.result();
        assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(result.tokens()).as("one from the prefill, three, and that of the step it was held in").hasSize(5);
        assertThat(result.text()).isEqualTo(recording.text());
    }

    @Test
    void cancelTakesAWaitingSequenceOutOfTheQueue() throws Exception {
        runner.holdAfter(1);
        List<Recording> running = new ArrayList<>();
        for (int i = 0; i < SLOTS; i++) {
            running.add(submit(request(prompt(4), SamplingParams.greedy(), 100)));
        }
        Recording recording = new Recording();
        Generation waiting = engine.submit(request(prompt(10), SamplingParams.greedy(), 400), recording);
        waiting.cancel();
        runner.release();

        assertThat(recording.result().finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(recording.result().tokens()).isEmpty();
        for (Recording other : running) {
            assertThat(other.result().finishReason()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @Test
    void refusesMoreThanItsQueueHolds() throws Exception {
        restart(new EngineOptions(2, 32, Duration.ofSeconds(60)), END);
        runner.holdAfter(1);
        List<Recording> accepted = new ArrayList<>();
        for (int i = 0; i < SLOTS + 2; i++) {
            accepted.add(submit(request(prompt(4), SamplingParams.greedy(), 20)));
        }

        assertThatThrownBy(() -> submit(request(prompt(4), SamplingParams.greedy(), 20)))
                .isInstanceOf(EngineOverloadedException.class)
                .hasMessageContaining("room for no more");
        runner.release();
        for (Recording recording : accepted) {
            assertThat(recording.result().tokens()).hasSize(20);
        }
        assertThat(submit(request(prompt(4), SamplingParams.greedy(), 20)).result().tokens()).hasSize(20);
    }

    @Test
    void startsSequencesInTheOrderTheyCame() throws Exception {
        runner.holdAfter(0);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Recording> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            AtomicInteger pieces = new AtomicInteger();
            Recording recording = new Recording();
            all.add(recording);
            engine.submit(request(prompt(4 + i % 5), SamplingParams.greedy(), 30), new Listening(recording, text -> {
                if (pieces.getAndIncrement() == 0) {
                    order.add(number);
                }
            }));
        }
        runner.release();
        for (Recording recording : all) {
            recording.result();
        }
        assertThat(order.subList(0, SLOTS)).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(order.indexOf(19)).isGreaterThan(order.indexOf(8));
    }

    @Test
    void aListenerThatThrowsLosesItsOwnSequenceOnly() throws Exception {
        Recording other = submit(request(prompt(10), SamplingParams.greedy(), 40));
        Recording thrower = new Recording();
        engine.submit(request(prompt(10), SamplingParams.greedy(), 40), new Listening(thrower, text -> {
            throw new IllegalStateException("client code");
        }));

        assertThatThrownBy(thrower::result).isInstanceOf(ExecutionException.class).hasRootCauseMessage("client code");
        assertThat(other.result().tokens()).hasSize(40);
        assertThat(engine.healthy()).isTrue();
    }

    @Test
    void aFailedPrefillFailsItsSequenceOnly() throws Exception {
        runner.holdAfter(1);
        Recording running = submit(request(prompt(10), SamplingParams.greedy(), 40));
        runner.awaitHeld();
        runner.failNextPrefill();
        Recording failing = submit(request(prompt(10), SamplingParams.greedy(), 40));
        runner.release();

        assertThatThrownBy(failing::result).hasCauseInstanceOf(ModelException.class).hasMessageContaining("injected");
        assertThat(running.result().tokens()).hasSize(40);
        assertThat(submit(request(prompt(10), SamplingParams.greedy(), 5)).result().tokens()).hasSize(5);
    }

    @Test
    void aFailedDecodeFailsTheBatchAndTheEngineGoesOn() throws Exception {
        runner.failNextDecode();
        Recording failing = submit(request(prompt(10), SamplingParams.greedy(), 40));

        assertThatThrownBy(failing::result).hasCauseInstanceOf(ModelException.class).hasMessageContaining("injected");
        assertThat(engine.healthy()).isTrue();
        assertThat(submit(request(prompt(10), SamplingParams.greedy(), 5)).result().tokens()).hasSize(5);
        assertThat(engine.stats().running()).isZero();
    }

    @Test
    void isUnhealthyOnceItsThreadDiedAndLeavesNobodyWaiting() throws Exception {
        runner.holdAfter(1);
        Recording running = submit(request(prompt(10), SamplingParams.greedy(), 40));
        runner.awaitHeld();
        Recording waiting = submit(request(prompt(10), SamplingParams.greedy(), 40));
        runner.dieAtNextDecode();
        runner.release();

        assertThatThrownBy(running::result).hasCauseInstanceOf(ModelException.class);
        assertThatThrownBy(waiting::result).hasCauseInstanceOf(ModelException.class);
        assertThat(engine.healthy()).isFalse();
        assertThatThrownBy(() -> submit(request(prompt(4), SamplingParams.greedy(), 5))).isInstanceOf(EngineOverloadedException.class);
    }

    @Test
    void closeLetsSequencesFinish() throws Exception {
        Recording recording = submit(request(prompt(10), SamplingParams.greedy(), 60));
        engine.close();

        assertThat(recording.result().tokens()).hasSize(60);
        assertThat(engine.healthy()).isFalse();
        assertThatThrownBy(() -> submit(request(prompt(4), SamplingParams.greedy(), 5)))
                .isInstanceOf(EngineOverloadedException.class)
                .hasMessageContaining("closing");
        engine.close();
    }

    @Test
    void closeCancelsWhatDoesNotFinishInTime() throws Exception {
        restart(new EngineOptions(5, 32, Duration.ofMillis(1)), END);
        runner.holdAfter(2);
        Recording recording = submit(request(prompt(10), SamplingParams.greedy(), 490));
        runner.awaitHeld();
        Thread closer = Thread.ofVirtual().start(engine::close);
        while (!recording.endsWithin(Duration.ofMillis(5))) {
            runner.allowOneStep();
        }
        closer.join();

        assertThat(recording.result().finishReason()).isEqualTo(FinishReason.CANCELLED);
    }

    @Test
    void refusesWhatCanNotBeComputed() {
        int context = engine.info().contextLength();
        assertRefused(request(new int[0], SamplingParams.greedy(), 5), "empty");
        assertRefused(request(prompt(context), SamplingParams.greedy(), 5), "context");
        assertRefused(request(new int[] {278}, SamplingParams.greedy(), 5), "vocabulary");
        assertRefused(request(new int[] {-1}, SamplingParams.greedy(), 5), "vocabulary");
        assertRefused(request(prompt(4), SamplingParams.greedy(), 0), "max_tokens");
        assertRefused(new GenerationRequest(prompt(4), SamplingParams.greedy(), 5, -1, List.of(), false), "min_tokens");
        assertRefused(new GenerationRequest(prompt(4), SamplingParams.greedy(), 5, 0, List.of(""), false), "stop string");
        assertRefused(request(prompt(4), new SamplingParams(3, 1, 0, 0, 0, 0, 1, 0), 5), "temperature");
    }

    private void assertRefused(GenerationRequest request, String word) {
        assertThatThrownBy(() -> submit(request)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(word);
    }

    private Recording submit(GenerationRequest request) throws EngineOverloadedException {
        Recording recording = new Recording();
        engine.submit(request, recording);
        return recording;
    }

    private static GenerationRequest request(int[] prompt, SamplingParams sampling, int maxTokens) {
        return new GenerationRequest(prompt, sampling, maxTokens, 0, List.of(), true);
    }

    private static int[] prompt(int length) {
        return new Random(length).ints(length, 3, 278).toArray();
    }

    /** A recording that also calls back at each piece. */
    private record Listening(Recording recording, Consumer<String> onPiece) implements GenerationListener {
        @Override
        public void onProgress(Progress progress) {
            onPiece.accept(progress.text());
            recording.onProgress(progress);
        }

        @Override
        public void onFinished(GenerationResult result) {
            recording.onFinished(result);
        }

        @Override
        public void onFailed(Exception failure) {
            recording.onFailed(failure);
        }
    }
}
