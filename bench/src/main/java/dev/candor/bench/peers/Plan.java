package dev.candor.bench.peers;

import java.util.List;

/**
 * How much is measured.
 *
 * @param warmUpMillis   how long each server works at each kind of request before it is measured, so that just-in-time compilers have done their work
 * @param rounds         of each measurement, of which the median is told
 * @param answerTokens   of each answer whose decoding is timed
 * @param prefills       prompts a round
 * @param loadedRequests a round, of eight clients
 * @param stallTokens    of each of the four answers that a long prompt disturbs
 * @param qualityWindows of {@value #WINDOW} tokens, over which logits are compared
 * @param embedMillis    about how long a round of embeddings takes
 */
record Plan(
        int warmUpMillis, int rounds, int answerTokens, int prefills, int loadedRequests, int stallTokens, int qualityWindows, int embedMillis, List<Integer> streams) {
    /** Tokens of a window of the text that quality is measured on. */
    static final int WINDOW = 256;

    static Plan full() {
        return new Plan(8000, 3, 96, 3, 24, 64, 4, 800, List.of(1, 4, 8));
    }

    static Plan quick() {
        return new Plan(1000, 1, 32, 1, 8, 24, 1, 300, List.of(1, 4, 8));
    }

    Plan rounds(int wanted) {
        return new Plan(warmUpMillis, wanted, answerTokens, prefills, loadedRequests, stallTokens, qualityWindows, embedMillis, streams);
    }
}
