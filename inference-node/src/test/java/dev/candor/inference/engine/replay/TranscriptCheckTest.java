package dev.candor.inference.engine.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.ServiceTerms;
import dev.candor.inference.engine.ort.OrtModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.sampling.LogitBias;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.engine.schedule.BatchingEngine;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.engine.testing.Recording;
import dev.candor.inference.engine.testing.Rhythm;
import dev.candor.inference.text.HfTokenizer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranscriptCheckTest {
    private static final int END = 2;
    private static final SamplingParams SAMPLED = new SamplingParams(0.9, 0.95, 40, 0.01, 0.2, 0.1, 1.1, 7);

    @TempDir
    private static Path folder;

    private static HfTokenizer tokenizer;
    private static BatchingEngine engine;

    @BeforeAll
    static void start() throws Exception {
        VerifiedModel toy = ToyModels.write(folder.resolve("toy"), ToyModels.Shape.standard(), ModelForm.Q8);
        tokenizer = HfTokenizer.open(toy.tokenizer(), Models.natives());
        OrtModelRunner runner = OrtModelRunner.open(OrtRuntime.load(Models.natives()), toy.folder(), toy.config(), new OrtOptions(4, 0, 1, false));
        engine = BatchingEngine.start(runner, tokenizer, List.of(END), new EngineOptions(100, 32, Duration.ofSeconds(60)));
    }

    @AfterAll
    static void close() {
        engine.close();
        tokenizer.close();
    }

    @Test
    void answersOfABatchMatchWhateverTheirParameters() throws Exception {
        List<GenerationRequest> requests = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < 12; i++) {
            SamplingParams sampling = i % 3 == 0 ? SamplingParams.greedy() : new SamplingParams(1.2, 0.9, i % 2 * 30, 0.02, 0.3, 0.2, 1.2, i);
            int[] prompt = random.ints(1 + random.nextInt(150), 3, 278).toArray();
            requests.add(new GenerationRequest(prompt, sampling, 1 + random.nextInt(80), i % 4 * 5, List.of(), i % 5 == 0));
        }
        List<Recording> together = new ArrayList<>();
        for (GenerationRequest request : requests) {
            together.add(submit(request));
        }
        for (int i = 0; i < requests.size(); i++) {
            Transcript transcript = transcript(requests.get(i), together.get(i).result());
            assertThat(check(transcript)).as("request %d", i).isEqualTo(new ReplayVerdict.Match(transcript.answer().length));
        }
    }

    @Test
    void answersThatEndAtAStopStringMatch() throws Exception {
        String whole = submit(request(SAMPLED, 40, List.of())).result().text();
        GenerationRequest stopped = request(SAMPLED, 40, List.of(whole.substring(8, 11)));
        Transcript transcript = transcript(stopped, submit(stopped).result());

        assertThat(transcript.finishReason()).isEqualTo("stop");
        assertThat(check(transcript)).isInstanceOf(ReplayVerdict.Match.class);
        assertThat(check(with(transcript, transcript.answer(), transcript.sampling(), "length", transcript.text()))).isInstanceOf(ReplayVerdict.Mismatch.class);
    }

    @Test
    void biasedAndConstrainedAnswersMatchAndNotWithoutTheirBiasOrConstraint() throws Exception {
        SamplingParams s = SAMPLED;
        SamplingParams biased = new SamplingParams(
                s.temperature(), s.topP(), s.topK(), s.minP(), s.frequencyPenalty(), s.presencePenalty(), s.repetitionPenalty(), s.seed(),
                LogitBias.of(Map.of(40, 6, 41, 6.5, 42, 7, 43, -100)));
        for (int maxTokens : new int[] {12, 60}) {
            GenerationRequest request = new GenerationRequest(
                    new Random(1).ints(60, 3, 278).toArray(), biased, maxTokens, 20, List.of(), true, ServiceTerms.plain(), OptionalInt.empty(),
                    Optional.of(() -> new Rhythm(278, 5, 30)));
            GenerationResult result = submit(request).result();
            Transcript transcript = transcript(request, result);

            assertThat(result.tokens()).hasSize(Math.min(30, maxTokens));
            assertThat(transcript.finishReason()).isEqualTo(maxTokens == 12 ? "length" : "stop");
            assertThat(check(transcript)).isEqualTo(new ReplayVerdict.Match(result.tokens().length));
            assertThat(check(with(transcript, transcript.answer(), s, transcript.finishReason(), transcript.text()))).isInstanceOf(ReplayVerdict.Mismatch.class);
            assertThat(check(new Transcript(transcript.prompt(), transcript.answer(), biased, maxTokens, 20, List.of(), true, transcript.finishReason(),
                    result.text()))).isInstanceOf(ReplayVerdict.Mismatch.class);
            assertThat(check(with(transcript, transcript.answer(), biased, maxTokens == 12 ? "stop" : "length", transcript.text())))
                    .isInstanceOf(ReplayVerdict.Mismatch.class);
        }
    }

    @Test
    void oneOtherTokenIsFoundWhereItIs() throws Exception {
        Transcript good = sampled();
        for (int at : new int[] {0, 17, good.answer().length - 1}) {
            int[] changed = good.answer().clone();
            changed[at] = changed[at] == 5 ? 6 : 5;

            assertThat(check(with(good, changed, good.sampling(), good.finishReason(), good.text())))
                    .isInstanceOfSatisfying(ReplayVerdict.Mismatch.class, mismatch -> assertThat(mismatch.token()).isEqualTo(at));
        }
    }

    @Test
    void oneOtherParameterIsFound() throws Exception {
        Transcript good = sampled();
        SamplingParams s = good.sampling();
        List<SamplingParams> others = List.of(
                new SamplingParams(s.temperature() + 0.3, s.topP(), s.topK(), s.minP(), s.frequencyPenalty(), s.presencePenalty(), s.repetitionPenalty(), s.seed()),
                new SamplingParams(s.temperature(), 0.3, s.topK(), s.minP(), s.frequencyPenalty(), s.presencePenalty(), s.repetitionPenalty(), s.seed()),
                new SamplingParams(s.temperature(), s.topP(), 2, s.minP(), s.frequencyPenalty(), s.presencePenalty(), s.repetitionPenalty(), s.seed()),
                new SamplingParams(s.temperature(), s.topP(), s.topK(), s.minP(), 2, s.presencePenalty(), s.repetitionPenalty(), s.seed()),
                new SamplingParams(s.temperature(), s.topP(), s.topK(), s.minP(), s.frequencyPenalty(), s.presencePenalty(), 3, s.seed()),
                new SamplingParams(s.temperature(), s.topP(), s.topK(), s.minP(), s.frequencyPenalty(), s.presencePenalty(), s.repetitionPenalty(), s.seed() + 1));
        for (SamplingParams other : others) {
            assertThat(check(with(good, good.answer(), other, good.finishReason(), good.text()))).as(other.toString()).isInstanceOf(ReplayVerdict.Mismatch.class);
        }
    }

    @Test
    void aShortenedOrLengthenedAnswerAnotherPromptAndAnotherTextAreFound() throws Exception {
        Transcript good = sampled();
        int[] shorter = Arrays.copyOf(good.answer(), good.answer().length - 3);
        int[] longer = Arrays.copyOf(good.answer(), good.answer().length + 1);
        int[] prompt = good.prompt().clone();
        prompt[3]++;

        assertThat(check(with(good, shorter, good.sampling(), good.finishReason(), good.text()))).isInstanceOf(ReplayVerdict.Mismatch.class);
        assertThat(check(with(good, longer, good.sampling(), good.finishReason(), good.text()))).isInstanceOf(ReplayVerdict.Mismatch.class);
        assertThat(check(with(good, good.answer(), good.sampling(), good.finishReason(), good.text().negate()))).isInstanceOf(ReplayVerdict.Mismatch.class);
        assertThat(check(new Transcript(prompt, good.answer(), good.sampling(), good.maxTokens(), 0, List.of(), false, good.finishReason(), good.text(), Optional.empty())))
                .isInstanceOf(ReplayVerdict.Mismatch.class);
    }

    @Test
    void refusesWhatCannotBeATranscriptOfThisModel() throws Exception {
        Transcript good = sampled();
        int[] outside = good.answer().clone();
        outside[2] = 1 << 20;

        assertThatThrownBy(() -> check(with(good, outside, good.sampling(), good.finishReason(), good.text()))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> check(with(good, new int[100_000], good.sampling(), good.finishReason(), good.text()))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> with(good, new int[0], good.sampling(), "stop", String::isEmpty)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Transcript sampled() throws Exception {
        GenerationRequest request = request(SAMPLED, 40, List.of());
        return transcript(request, submit(request).result());
    }

    private static GenerationRequest request(SamplingParams sampling, int maxTokens, List<String> stops) {
        return new GenerationRequest(new Random(1).ints(60, 3, 278).toArray(), sampling, maxTokens, 0, stops, true);
    }

    private static Transcript transcript(GenerationRequest request, GenerationResult result) {
        return new Transcript(request.promptTokens(), result.tokens(), request.sampling(), request.maxTokens(), request.minTokens(),
                request.stopStrings(), request.ignoreEos(), result.finishReason().wire(), result.text()::equals, request.constraint());
    }

    private static Transcript with(Transcript t, int[] answer, SamplingParams sampling, String finishReason, Predicate<String> text) {
        return new Transcript(t.prompt(), answer, sampling, t.maxTokens(), t.minTokens(), t.stopStrings(), t.ignoreEos(), finishReason, text, t.constraint());
    }

    private static Recording submit(GenerationRequest request) throws Exception {
        Recording recording = new Recording();
        engine.submit(request, recording);
        return recording;
    }

    private static ReplayVerdict check(Transcript transcript) throws Exception {
        return TranscriptCheck.start(transcript, engine, tokenizer).verdict().get(60, TimeUnit.SECONDS);
    }
}
