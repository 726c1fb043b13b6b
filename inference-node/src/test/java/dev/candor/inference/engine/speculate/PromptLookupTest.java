package dev.candor.inference.engine.speculate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptLookupTest {
    @Test
    void guessesWhatFollowedTheSameTokensBefore() {
        assertThat(guess(3, 1, 2, 3, 4, 5, 9, 1, 2, 3)).containsExactly(4, 5, 9);
        assertThat(guess(1, 1, 2, 3, 4, 5, 9, 1, 2, 3)).containsExactly(4);
    }

    @Test
    void prefersTheLongestRepetitionAndOfEqualsTheLatest() {
        assertThat(guess(1, 7, 2, 3, 4, 8, 2, 3, 5, 7, 2, 3)).containsExactly(4);
        assertThat(guess(1, 2, 3, 4, 8, 2, 3, 5, 7, 2, 3)).containsExactly(5);
    }

    @Test
    void guessesNothingFromASingleTokenOrWhereNothingRepeats() {
        assertThat(guess(4, 1, 2, 3, 4, 5)).isEmpty();
        assertThat(guess(4, 5, 1, 2, 5)).isEmpty();
        assertThat(guess(4, 5)).isEmpty();
        assertThat(guess(4)).isEmpty();
    }

    @Test
    void neverReadsPastTheText() {
        assertThat(guess(7, 1, 1, 1, 1)).hasSizeLessThanOrEqualTo(3).containsOnly(1);
        assertThat(PromptLookup.guess(new int[] {1, 2, 1, 2, 9, 9}, 4, 7)).containsExactly(1, 2);
    }

    private static int[] guess(int most, int... tokens) {
        return PromptLookup.guess(tokens, tokens.length, most);
    }
}
