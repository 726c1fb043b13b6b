package dev.candor.inference.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final int VOCABULARY = 300;
    private static final int[] NOTHING = {};
    private static final int[] PROMPT = {1, 2, 3};

    private final SamplerWorkspace workspace = new SamplerWorkspace(VOCABULARY);

    @Test
    void greedyTakesTheHighestAndTheLowestIdOfEquals() {
        float[] logits = new float[VOCABULARY];
        logits[200] = 3;
        logits[77] = 3;

        assertThat(sampler(SamplingParams.greedy()).next(logits, NOTHING)).isEqualTo(77);
    }

    @Test
    void neverTakesASuppressedToken() {
        float[] logits = new float[VOCABULARY];
        logits[5] = 9;

        assertThat(sampler(SamplingParams.greedy()).next(logits, new int[] {5, 0})).isEqualTo(1);
    }

    @Test
    void choosesWhatASortOfTheWholeVocabularyChooses() {
        Random random = new Random(3);
        for (int round = 0; round < 3000; round++) {
            SamplingParams params = randomParams(random);
            Sampler sampler = sampler(params);
            Reference reference = new Reference(params);
            for (int step = 0; step < 4; step++) {
                float[] logits = randomLogits(random);
                long[] allowed = round % 3 == 0 ? randomMask(random) : null;
                int[] suppressed = round % 5 == 0 ? new int[] {random.nextInt(VOCABULARY)} : NOTHING;
                int expected = reference.next(logits.clone(), suppressed, allowed);

                TokenMask mask = allowed == null ? TokenMask.everything() : TokenMask.of(allowed);
                assertThat(sampler.next(logits, suppressed, mask)).as("%s", params).isEqualTo(expected);
            }
        }
    }

    @Test
    void sameSeedSameTokensAnotherSeedOthers() {
        List<Integer> first = draw(new SamplingParams(1, 1, 0, 0, 0, 0, 1, 42));
        List<Integer> again = draw(new SamplingParams(1, 1, 0, 0, 0, 0, 1, 42));
        List<Integer> other = draw(new SamplingParams(1, 1, 0, 0, 0, 0, 1, 43));

        assertThat(again).isEqualTo(first).isNotEqualTo(other);
    }

    @Test
    void drawsTokensAsOftenAsTheirProbabilitySays() {
        SamplerWorkspace small = new SamplerWorkspace(3);
        Sampler sampler = new Sampler(new SamplingParams(1, 1, 0, 0, 0, 0, 1, 9), PROMPT.clone(), small);
        int[] counts = new int[3];
        for (int i = 0; i < 30_000; i++) {
            counts[sampler.next(new float[] {(float) Math.log(1), (float) Math.log(2), (float) Math.log(7)}, NOTHING)]++;
        }

        assertThat(counts[0] / 30_000.0).isBetween(0.09, 0.11);
        assertThat(counts[1] / 30_000.0).isBetween(0.19, 0.21);
        assertThat(counts[2] / 30_000.0).isBetween(0.69, 0.71);
    }

    @Test
    void aTopPOfZeroLeavesTheHighestToken() {
        List<Integer> greedy = draw(SamplingParams.greedy());

        assertThat(draw(new SamplingParams(2, 0, 0, 0, 0, 0, 1, 42))).isEqualTo(greedy);
        assertThat(draw(new SamplingParams(2, 0, 5, 0, 0, 0, 1, 42))).isEqualTo(greedy);
    }

    @Test
    void aBiasIsAddedBeforeAPenaltyMultiplies() {
        float[] logits = new float[VOCABULARY];
        logits[1] = -1;
        logits[50] = 1.2f;
        SamplingParams params = new SamplingParams(0, 1, 0, 0, 0, 0, 2, 0, LogitBias.of(Map.of(1, 3)));

        assertThat(sampler(params).next(logits, NOTHING)).as("(-1 + 3) / 2 = 1, which 1.2 beats; -1 * 2 + 3 = 1 too").isEqualTo(50);
        assertThat(logits[1]).isEqualTo(1f);
        logits[3] = -4;
        assertThat(sampler(new SamplingParams(0, 1, 0, 0, 0, 0, 2, 0, LogitBias.of(Map.of(3, 1)))).next(logits, NOTHING)).isEqualTo(50);
        assertThat(logits[3]).as("(-4 + 1) * 2").isEqualTo(-6f);
    }

    @Test
    void aBiasOfAHundredDemandsAndOfMinusAHundredForbids() {
        SamplingParams demands = new SamplingParams(1, 1, 0, 0, 0, 0, 1, 5, LogitBias.of(Map.of(123, 100.0)));
        SamplingParams forbids = new SamplingParams(0, 1, 0, 0, 0, 0, 1, 5, LogitBias.of(Map.of(7, -100)));
        float[] sevenIsBest = new float[VOCABULARY];
        sevenIsBest[7] = 30;

        assertThat(draw(demands)).containsOnly(123);
        assertThat(sampler(forbids).next(sevenIsBest, NOTHING)).isZero();
    }

    @Test
    void refusesABiasOutsideVocabularyRangeAndBound() {
        assertThatThrownBy(() -> sampler(new SamplingParams(0, 1, 0, 0, 0, 0, 1, 0, LogitBias.of(Map.of(VOCABULARY, 1)))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("token 300").hasMessageContaining("vocabulary of 300");
        assertThatThrownBy(() -> sampler(new SamplingParams(0, 1, 0, 0, 0, 0, 1, 0, LogitBias.of(Map.of(-1, 1))))).hasMessageContaining("token -1");
        assertThatThrownBy(() -> LogitBias.of(Map.of(9, 100.5))).hasMessageContaining("100.5").hasMessageContaining("token 9");
        assertThatThrownBy(() -> LogitBias.of(Map.of(9, Double.NaN))).isInstanceOf(IllegalArgumentException.class);
        Map<Integer, Integer> many = IntStream.range(0, LogitBias.MOST + 1).boxed().collect(Collectors.toMap(i -> i, i -> 1));
        assertThatThrownBy(() -> LogitBias.of(many)).hasMessageContaining("1024");
    }

    @Test
    void takesOnlyWhatAMaskAllows() {
        float[] logits = new float[VOCABULARY];
        logits[5] = 9;
        logits[299] = 1;
        long[] allowed = new long[5];
        allowed[4] = 1L << 299 | 1L << 290;

        assertThat(sampler(SamplingParams.greedy()).next(logits.clone(), NOTHING, TokenMask.of(allowed))).isEqualTo(299);
        assertThat(sampler(SamplingParams.greedy()).next(logits.clone(), NOTHING, TokenMask.of(new long[] {1L << 63}))).as("a short mask").isEqualTo(63);
    }

    @Test
    void aMaskThatAllowsNothingButSuppressedTokensWins() {
        long[] allowed = {1L << 5 | 1L << 7};
        float[] logits = new float[VOCABULARY];
        logits[7] = 3;

        assertThat(sampler(SamplingParams.greedy()).next(logits.clone(), new int[] {7}, TokenMask.of(allowed))).isEqualTo(5);
        assertThat(sampler(SamplingParams.greedy()).next(logits.clone(), new int[] {7, 5, 7, 299}, TokenMask.of(allowed))).isEqualTo(7);
    }

    @Test
    void saysThatAMaskAllowsNothing() {
        long[] beyondTheVocabulary = new long[7];
        beyondTheVocabulary[4] = 1L << 300;
        beyondTheVocabulary[6] = -1;
        for (long[] words : List.of(new long[0], new long[5], beyondTheVocabulary)) {
            assertThatThrownBy(() -> sampler(SamplingParams.greedy()).next(new float[VOCABULARY], NOTHING, TokenMask.of(words)))
                    .isInstanceOf(NoTokenAllowedException.class);
        }
    }

    @Test
    void eachChoiceHasASeedOfItsOwn() {
        SamplingParams first = new SamplingParams(1, 1, 0, 0, 0, 0, 1, Long.MAX_VALUE, LogitBias.of(Map.of(1, 1)));

        assertThat(first.forChoice(0)).isEqualTo(first);
        assertThat(first.forChoice(1).seed()).isEqualTo(Long.MIN_VALUE);
        assertThat(first.forChoice(1).bias()).isEqualTo(first.bias());
    }

    @Test
    void refusesLogitsThatAreNotNumbers() {
        float[] logits = new float[VOCABULARY];
        logits[17] = Float.NaN;

        assertThatThrownBy(() -> sampler(SamplingParams.greedy()).next(logits, NOTHING)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void namesTheParameterThatIsOutOfRange() {
        assertThatThrownBy(() -> sampler(new SamplingParams(-0.1, 1, 0, 0, 0, 0, 1, 0))).hasMessageContaining("temperature");
        assertThatThrownBy(() -> sampler(new SamplingParams(Double.NaN, 1, 0, 0, 0, 0, 1, 0))).hasMessageContaining("temperature");
        assertThatThrownBy(() -> sampler(new SamplingParams(1, -0.1, 0, 0, 0, 0, 1, 0))).hasMessageContaining("top_p");
        assertThatThrownBy(() -> sampler(new SamplingParams(1, 1, -1, 0, 0, 0, 1, 0))).hasMessageContaining("top_k");
        assertThatThrownBy(() -> sampler(new SamplingParams(1, 1, 0, 2, 0, 0, 1, 0))).hasMessageContaining("min_p");
        assertThatThrownBy(() -> sampler(new SamplingParams(1, 1, 0, 0, 3, 0, 1, 0))).hasMessageContaining("frequency_penalty");
        assertThatThrownBy(() -> sampler(new SamplingParams(1, 1, 0, 0, 0, -3, 1, 0))).hasMessageContaining("presence_penalty");
        assertThatThrownBy(() -> sampler(new SamplingParams(1, 1, 0, 0, 0, 0, 0, 0))).hasMessageContaining("repetition_penalty");
    }

    @Test
    void exponentialsAreRightToSixDigits() {
        float[] logits = new float[5000];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = -i * 0.02f;
        }
        float[] weights = new float[logits.length];
        Softmax.weights(logits, 0, 1, weights);

        for (int i = 0; i < logits.length; i++) {
            double exact = logits[i] <= -87 ? 0 : Math.exp(logits[i]);
            assertThat((double) weights[i]).isCloseTo(exact, within(exact * 2e-7 + 2e-38));
        }
    }

    private Sampler sampler(SamplingParams params) {
        return new Sampler(params, PROMPT, workspace);
    }

    private List<Integer> draw(SamplingParams params) {
        Random logits = new Random(5);
        Sampler sampler = sampler(params);
        List<Integer> tokens = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            tokens.add(sampler.next(randomLogits(logits), NOTHING));
        }
        return tokens;
    }

    private static float[] randomLogits(Random random) {
        float[] logits = new float[VOCABULARY];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = Math.round(random.nextGaussian() * 30) / 10f;
        }
        return logits;
    }

    private static SamplingParams randomParams(Random random) {
        return new SamplingParams(
                random.nextInt(4) == 0 ? 0 : random.nextDouble() * 2,
                random.nextBoolean() ? 1 : 0.05 + 0.9 * random.nextDouble(),
                random.nextBoolean() ? 0 : 1 + random.nextInt(VOCABULARY + 10),
                random.nextBoolean() ? 0 : random.nextDouble() * 0.3,
                random.nextBoolean() ? 0 : random.nextDouble() * 4 - 2,
                random.nextBoolean() ? 0 : random.nextDouble() * 4 - 2,
                random.nextBoolean() ? 1 : 0.5 + random.nextDouble(),
                random.nextLong(),
                random.nextInt(3) > 0 ? LogitBias.none() : LogitBias.of(Map.of(3 + random.nextInt(VOCABULARY - 3), random.nextDouble() * 10 - 5, 2, 1.5)));
    }

    private static long[] randomMask(Random random) {
        long[] words = new long[VOCABULARY / 64 + 1];
        for (int i = 0; i < words.length; i++) {
            words[i] = random.nextBoolean() ? 0 : random.nextBoolean() ? -1 : random.nextLong();
        }
        words[0] |= 6;
        return words;
    }

    /** The definition, word for word and slowly. */
    private static final class Reference {
        private final SamplingParams params;
        private final RandomGenerator random;
        private final List<Integer> answer = new ArrayList<>();

        Reference(SamplingParams params) {
            this.params = params;
            this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(params.seed());
        }

        int next(float[] logits, int[] suppressed, long[] allowed) {
            for (int id : suppressed) {
                logits[id] = Float.NEGATIVE_INFINITY;
            }
            params.bias().apply(logits);
            penalise(logits);
            for (int id = 0; allowed != null && id < logits.length; id++) {
                if ((allowed[id / 64] >>> id % 64 & 1) == 0) {
                    logits[id] = Float.NEGATIVE_INFINITY;
                }
            }
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < logits.length; i++) {
                order.add(i);
            }
            order.sort(Comparator.comparing((Integer i) -> -logits[i]).thenComparing(i -> i));
            int token = params.temperature() == 0 ? order.getFirst() : draw(logits, order);
            answer.add(token);
            return token;
        }

        private void penalise(float[] logits) {
            for (int token = 0; token < logits.length; token++) {
                int id = token;
                int count = (int) answer.stream().filter(t -> t == id).count();
                if (count > 0 || Arrays.stream(PROMPT).anyMatch(t -> t == id)) {
                    float r = (float) params.repetitionPenalty();
                    logits[id] = logits[id] > 0 ? logits[id] / r : logits[id] * r;
                }
                if (count > 0) {
                    logits[id] = logits[id] - (float) params.frequencyPenalty() * count - (float) params.presencePenalty();
                }
            }
        }

        private int draw(float[] logits, List<Integer> order) {
            float[] w = new float[logits.length];
            Softmax.weights(logits, logits[order.getFirst()], (float) (1 / params.temperature()), w);
            List<Integer> kept = new ArrayList<>(order.stream().filter(i -> w[i] >= (float) params.minP() && w[i] > 0).toList());
            if (params.topK() > 0 && params.topK() < kept.size()) {
                kept = kept.subList(0, params.topK());
            }
            double total = kept.stream().mapToDouble(i -> w[i]).sum();
            int needed = 0;
            double reached = 0;
            while (needed < kept.size() && reached < total * params.topP()) {
                reached += w[kept.get(needed++)];
            }
            List<Integer> chosen = kept.subList(0, params.topP() < 1 ? needed : kept.size()).stream().sorted().toList();
            double target = random.nextDouble() * chosen.stream().mapToDouble(i -> w[i]).sum();
            double sum = 0;
            for (int i : chosen) {
                sum += w[i];
                if (sum > target) {
                    return i;
                }
            }
            return chosen.getLast();
        }
    }
}
