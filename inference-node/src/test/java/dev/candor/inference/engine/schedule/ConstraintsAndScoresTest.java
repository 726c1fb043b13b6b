package dev.candor.inference.engine.schedule;

import static dev.candor.inference.engine.schedule.Engines.OPTIONS;
import static dev.candor.inference.engine.schedule.Engines.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.candor.inference.engine.FinishReason;
import dev.candor.inference.engine.GenerationListener;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.engine.ServiceTerms;
import dev.candor.inference.engine.TokenScore;
import dev.candor.inference.engine.sampling.LogitBias;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.engine.sampling.TokenConstraint;
import dev.candor.inference.engine.testing.Recording;
import dev.candor.inference.engine.testing.Rhythm;
import dev.candor.inference.engine.testing.ScriptedRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ConstraintsAndScoresTest {
    private static final ScriptedRunner.Shape PLAIN = ScriptedRunner.Shape.plain();
    private static final SamplingParams SAMPLED = new SamplingParams(1, 0.95, 0, 0, 0.2, 0, 1.1, 3);
    private static final int END = 127;

    @Test
    void everyTokenIsScoredOnceInOrderAlsoWhereItsTextIsHeldBack() throws Exception {
        try (Engines engines = new Engines(PLAIN, OPTIONS)) {
            String whole = engines.answer(request(SAMPLED, 30, 0, List.of(), 3)).text();
            List<String> stops = List.of(whole.substring(9, 14) + "never", whole.substring(20, 24));
            Scored scored = new Scored();
            engines.engine().submit(request(SAMPLED, 30, 0, stops, 3), scored);
            GenerationResult result = scored.recording.result();

            assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(result.text()).isEqualTo(whole.substring(0, 20)).isEqualTo(scored.recording.text());
            assertThat(scored.scores).isEqualTo(result.scores());
            assertThat(result.scores().stream().mapToInt(TokenScore::token).toArray()).isEqualTo(result.tokens());
            assertThat(result.scores()).allSatisfy(score -> assertThat(score.top()).hasSize(3).isSortedAccordingTo(
                    (a, b) -> Double.compare(b.logprob(), a.logprob())));
        }
    }

    @Test
    void scoresAreOfTheLogitsAsTheModelGaveThem() throws Exception {
        SamplingParams bent = new SamplingParams(0, 1, 0, 0, 2, 2, 1.5, 3, LogitBias.of(Map.of(7, 100)));
        Supplier<TokenConstraint> constraint = () -> new Rhythm(128, 7, 4);
        try (Engines engines = new Engines(PLAIN, OPTIONS)) {
            List<TokenScore> plain = engines.answer(request(SamplingParams.greedy(), 1, 0, List.of(), 20)).scores();
            TokenScore score = engines.answer(constrained(bent, 1, 0, true, OptionalInt.of(20), constraint)).scores().getFirst();

            assertThat(score.token()).isEqualTo(Rhythm.CLOSING);
            assertThat(score.top()).isEqualTo(plain.getFirst().top());
            assertThat(plain.getFirst().logprob()).isEqualTo(plain.getFirst().top().getFirst().logprob());
            double known = score.top().stream().mapToDouble(each -> Math.exp(each.logprob())).sum();
            assertThat(known).isLessThan(1);
            assertThat(Math.exp(score.logprob())).isCloseTo(0, within(1 - known + 1e-6));
        }
    }

    @Test
    void anEndTokenHasNoScoreAndNoneAreToldUnasked() throws Exception {
        SamplingParams ends = new SamplingParams(0, 1, 0, 0, 0, 0, 1, 0, LogitBias.of(Map.of(END, 100)));
        try (Engines engines = new Engines(PLAIN, OPTIONS)) {
            GenerationResult ended = engines.answer(new GenerationRequest(
                    prompt(1, 30), ends, 30, 2, List.of(), false, ServiceTerms.plain(), OptionalInt.of(0), Optional.empty()));

            assertThat(ended.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(ended.tokens()).hasSize(3).endsWith(END);
            assertThat(ended.scores()).hasSize(2).allSatisfy(score -> assertThat(score.top()).isEmpty());
            assertThat(engines.answer(request(SAMPLED, 5, 0, List.of(), -1)).scores()).isEmpty();
        }
    }

    @Test
    void aConstraintIsObeyedAndEndsTheAnswerWithoutAnEndToken() throws Exception {
        try (Engines engines = new Engines(PLAIN, OPTIONS)) {
            GenerationResult result = engines.answer(constrained(SAMPLED, 50, 0, true, OptionalInt.empty(), () -> new Rhythm(128, 7, 20)));

            assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(result.tokens()).hasSize(20);
            for (int i = 0; i < 20; i++) {
                assertThat(result.tokens()[i] % 7).isEqualTo(i % 7);
            }
        }
    }

    @Test
    void aConstraintThatHadToLandIsCutShort() throws Exception {
        try (Engines engines = new Engines(PLAIN, OPTIONS)) {
            GenerationResult result = engines.answer(constrained(SAMPLED, 6, 0, false, OptionalInt.empty(), () -> new Rhythm(128, 7, 20)));

            assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(result.tokens()).hasSize(6).endsWith(Rhythm.CLOSING);
        }
    }

    @Test
    void aConstraintWinsOverMinTokensAndIgnoreEos() throws Exception {
        Supplier<TokenConstraint> onlyTheEnd = () -> new Rhythm(128, 128, 1000) {
            @Override
            public long[] allowed(int tokensLeft) {
                return new long[] {0, 1L << END};
            }
        };
        try (Engines engines = new Engines(PLAIN, OPTIONS)) {
            GenerationResult result = engines.answer(constrained(SAMPLED, 50, 30, true, OptionalInt.empty(), onlyTheEnd));

            assertThat(result.tokens()).containsExactly(END);
            assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void aConstraintThatAllowsNothingOrFailsEndsItsOwnRequestOnly() throws Exception {
        try (Engines engines = new Engines(PLAIN, OPTIONS)) {
            Recording other = engines.submit(request(SAMPLED, 60, 0, List.of(), 2));
            Recording stuck = engines.submit(constrained(SAMPLED, 50, 0, true, OptionalInt.empty(), () -> new Rhythm(0, 1, 9)));
            Recording failing = engines.submit(constrained(SAMPLED, 50, 0, true, OptionalInt.empty(), () -> new Rhythm(128, 7, 9) {
                @Override
                public void accept(int token) {
                    accept(token);
                }
            }));

            assertThatThrownBy(stuck::result).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(ModelException.class)
                    .hasMessageContaining("constraint allows no token").hasMessageContaining("after 0 tokens");
            assertThatThrownBy(failing::result).isInstanceOf(ExecutionException.class).hasMessageContaining("too deep");
            assertThat(other.result().tokens()).hasSize(60);
            assertThat(engines.engine().healthy()).isTrue();
        }
    }

    @Test
    void constrainedBiasedAndScoredAnswersAreTheSameInShortMemoryByGuessesAndAlone() throws Exception {
        for (ScriptedRunner.Shape shape : List.of(PLAIN, ScriptedRunner.Shape.exactOnes())) {
            List<GenerationRequest> requests = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                SamplingParams params = new SamplingParams(i % 3 * 0.5, 0.9, 0, 0, 0, 0, 1, i, LogitBias.of(Map.of(i, 5.5)));
                int length = 60 + 5 * i;
                Supplier<TokenConstraint> constraint = () -> new Rhythm(128, 3, length);
                requests.add(new GenerationRequest(prompt(i, 100), params, 130, 0, List.of(), true, ServiceTerms.plain(), OptionalInt.of(2),
                        i % 2 == 0 ? Optional.of(constraint) : Optional.empty()));
            }
            long memory = 9 * 64 * Long.BYTES;
            try (Engines engines = new Engines(shape, OPTIONS.withKvBytes(memory))) {
                List<Recording> together = new ArrayList<>();
                for (GenerationRequest request : requests) {
                    together.add(engines.submit(request));
                }
                for (int i = 0; i < requests.size(); i++) {
                    GenerationResult alone = Engines.alone(shape, requests.get(i));
                    GenerationResult result = together.get(i).result();

                    assertThat(result.tokens()).as("request %d", i).isEqualTo(alone.tokens());
                    assertThat(result.finishReason()).isEqualTo(alone.finishReason());
                    assertThat(result.scores()).isEqualTo(alone.scores()).hasSize(alone.tokens().length);
                }
                assertThat(engines.stats().preemptions()).as("memory was short").isPositive();
            }
        }
    }

    @Test
    void refusesBiasesAndScoresOutOfBounds() {
        try (Engines engines = new Engines(PLAIN, OPTIONS)) {
            SamplingParams outside = new SamplingParams(0, 1, 0, 0, 0, 0, 1, 0, LogitBias.of(Map.of(128, 1)));
            assertThatThrownBy(() -> engines.submit(request(outside, 5, 0, List.of(), -1))).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("token 128");
            assertThatThrownBy(() -> engines.submit(request(SAMPLED, 5, 0, List.of(), 21))).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("logprobs");
        }
    }

    /** @param logprobs below 0 for none */
    private static GenerationRequest request(SamplingParams params, int maxTokens, int minTokens, List<String> stops, int logprobs) {
        OptionalInt alternatives = logprobs < 0 ? OptionalInt.empty() : OptionalInt.of(logprobs);
        return new GenerationRequest(
                prompt(1, 30), params, maxTokens, minTokens, stops, true, ServiceTerms.plain(), alternatives, Optional.empty());
    }

    private static GenerationRequest constrained(
            SamplingParams params, int maxTokens, int minTokens, boolean ignoreEos, OptionalInt logprobs, Supplier<TokenConstraint> constraint) {
        return new GenerationRequest(
                prompt(1, 30), params, maxTokens, minTokens, List.of(), ignoreEos, ServiceTerms.plain(), logprobs, Optional.of(constraint));
    }

    /** Keeps scores too. */
    private static final class Scored implements GenerationListener {
        private final Recording recording = new Recording();
        private final List<TokenScore> scores = new ArrayList<>();

        @Override
        public void onProgress(Progress progress) {
            scores.addAll(progress.scores());
            assertThat(scores).hasSize(progress.tokens());
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
