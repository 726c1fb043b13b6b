package dev.candor.inference.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogProbsTest {
    @Test
    void areTheLogarithmsOfTheSoftmax() {
        Random random = new Random(1);
        for (int round = 0; round < 50; round++) {
            float[] logits = logits(random, 1 + random.nextInt(3000));
            double max = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElseThrow();
            double sum = IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i] - max)).sum();
            LogProbs place = LogProbs.of(logits);
            double total = 0;
            for (int token = 0; token < logits.length; token++) {
                assertThat(place.of(token)).isCloseTo(logits[token] - max - Math.log(sum), within(1e-5));
                total += Math.exp(place.of(token));
            }
            assertThat(total).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void theLikeliestComeFirstAndTheLowerIdFirstAmongEquals() {
        Random random = new Random(2);
        for (int round = 0; round < 200; round++) {
            float[] logits = logits(random, 1 + random.nextInt(400));
            for (int i = 0; i < logits.length; i++) {
                logits[i] = Math.round(logits[i]);
            }
            List<Integer> sorted = IntStream.range(0, logits.length).boxed()
                    .sorted(Comparator.comparing((Integer i) -> -logits[i]).thenComparing(i -> i)).toList();
            int count = random.nextInt(25);

            assertThat(LogProbs.of(logits).likeliest(count)).containsExactly(
                    sorted.stream().limit(count).mapToInt(Integer::intValue).toArray());
        }
    }

    @Test
    void aTokenThatCannotComeHasALogarithmThatJsonCanSay() {
        LogProbs place = LogProbs.of(new float[] {1, Float.NEGATIVE_INFINITY, 0});

        assertThat(place.of(1)).isEqualTo(-9999);
        assertThat(place.likeliest(3)).containsExactly(0, 2, 1);
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThatThrownBy(() -> LogProbs.of(new float[] {1, Float.NaN})).isInstanceOf(UnusableLogitsException.class);
        assertThatThrownBy(() -> LogProbs.of(new float[] {1, Float.POSITIVE_INFINITY})).isInstanceOf(UnusableLogitsException.class);
    }

    private static float[] logits(Random random, int size) {
        float[] logits = new float[size];
        for (int i = 0; i < size; i++) {
            logits[i] = (float) (random.nextGaussian() * 8);
        }
        return logits;
    }
}
