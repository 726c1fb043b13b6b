package dev.candor.inference.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MS = 1_000_000L;

    private final Pace pace = new Pace(256, 8);

    @Test
    void takesAWholeChunkWhileNobodyDecodes() {
        assertThat(pace.prefillTokens(0, 0, 1)).isEqualTo(256);
        run(256, 240);
        assertThat(pace.prefillTokens(0, 0, 1)).isEqualTo(256);
    }

    @Test
    void takesLessOfASlowModelSoThatNoRunIsLong() {
        run(256, 2400);

        assertThat(pace.prefillTokens(0, 0, 1)).isLessThanOrEqualTo(24);
    }

    @Test
    void fitsAPromptBesideADecodeStepWhateverItsLength() {
        pace.decoded(4, 20 * MS);
        for (int i = 0; i < 50; i++) {
            int tokens = pace.prefillTokens(4, 4, 0);
            run(tokens, 1 + tokens / 2);
        }
        assertThat(pace.prefillTokens(4, 4, 0)).isBetween(16, 32);
        for (int i = 0; i < 50; i++) {
            int tokens = pace.prefillTokens(4, 4, 0);
            run(tokens, 20 + 2 * tokens);
        }
        assertThat(pace.prefillTokens(4, 4, 0)).as("as the context grows").isEqualTo(8);
    }

    @Test
    void takesAShortPromptInFewPiecesAndALongOneInMany() {
        pace.decoded(1, 20 * MS);
        for (int i = 0; i < 20; i++) {
            int tokens = pace.prefillTokens(1, 1, 1);
            run(tokens, tokens);
        }
        assertThat(pace.prefillTokens(1, 1, 1)).isEqualTo(128);
        assertThat(pace.prefillTokens(1, 1, 0)).isLessThanOrEqualTo(16);
        assertThat(pace.prefillTokens(1, 0, 0)).as("nobody waits for the tokens").isBetween(48, 80);
    }

    @Test
    void letsNobodyWaitLongForAShortPromptOfASlowModel() {
        pace.decoded(1, 20 * MS);
        run(8, 80);

        assertThat(pace.prefillTokens(1, 1, 1)).isEqualTo(12);
    }

    @Test
    void neverExceedsItsChunk() {
        Pace small = new Pace(4, 1);

        assertThat(small.prefillTokens(0, 0, 0)).isEqualTo(4);
        small.prefilled(4, MS);
        small.decoded(1, MS);
        assertThat(small.prefillTokens(1, 1, 9)).isEqualTo(4);
    }

    private void run(int tokens, long millis) {
        pace.prefilled(tokens, millis * MS);
    }
}
