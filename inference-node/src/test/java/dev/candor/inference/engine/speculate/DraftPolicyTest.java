package dev.candor.inference.engine.speculate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DraftPolicyTest {
    private final DraftPolicy policy = new DraftPolicy();
    private final Acceptance acceptance = new Acceptance();

    @Test
    void doesNotGuessBeforeItKnowsWhatStepsCost() {
        assertThat(length(1, 7)).isZero();
    }

    @Test
    void guessesFarWhereRowsAreCheapAndGuessesRight() {
        costs(10, 1);
        for (int i = 0; i < 30; i++) {
            acceptance.learn(7, 7);
        }
        assertThat(length(1, 7)).isEqualTo(7);
        assertThat(length(1, 3)).as("as far as there are guesses").isEqualTo(3);
    }

    @Test
    void stopsWhereGuessesAreBadButTriesAgainNowAndThen() {
        costs(10, 1);
        for (int i = 0; i < 60; i++) {
            acceptance.learn(4, 0);
        }
        int tried = IntStream.range(0, 480).map(i -> length(1, 7)).sum();

        assertThat(tried).isEqualTo(10);
    }

    @Test
    void stopsWhereARowCostsAsMuchAsAStep() {
        costs(1, 10);
        for (int i = 0; i < 30; i++) {
            acceptance.learn(2, 1);
        }
        assertThat(IntStream.range(0, 40).map(i -> length(1, 7)).sum()).isZero();
    }

    @Test
    void oneGuessingSequenceAmongManyIsNotWorthTheRowsOfAll() {
        costs(10, 2);
        for (int i = 0; i < 30; i++) {
            acceptance.learn(4, 3);
        }
        assertThat(length(1, 7)).isPositive();
        assertThat(length(8, 7)).isZero();
    }

    /** Steps of several sizes at {@code fixed + perRow * rows} ms, some of them slow by accident. */
    private void costs(int fixed, int perRow) {
        for (int i = 0; i < 100; i++) {
            int rows = 1 + i % 9;
            policy.measured(rows, (fixed + (long) perRow * rows) * 1_000_000 * (i % 20 == 7 ? 30 : 1));
            policy.measured(rows, (fixed + (long) perRow * rows) * 1_000_000);
        }
        for (int i = 0; i < 100; i++) {
            policy.measured(1 + i % 9, (fixed + perRow * (1L + i % 9)) * 1_000_000);
        }
    }

    private int length(int sequences, int guessed) {
        return policy.length(sequences, List.of(new DraftPolicy.Candidate(acceptance, guessed)));
    }
}
