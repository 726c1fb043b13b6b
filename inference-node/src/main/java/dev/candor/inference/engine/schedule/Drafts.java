package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.speculate.DraftPolicy;
import dev.candor.inference.engine.speculate.PromptLookup;

/**
 * Which tokens each sequence gets in a step: its last, and behind it guesses where they pay. Guesses need steps that compute the same bits
 * whether they take one token or several; then they change nothing but the time an answer takes.
 */
final class Drafts {
    private final DraftPolicy policy = new DraftPolicy();
    private final SlotTable table;
    private final Counters counters;
    private final int most;

    /** @param most tokens guessed for a sequence at most; 0 for no guessing */
    Drafts(SlotTable table, Counters counters, int most) {
        this.table = table;
        this.counters = counters;
        this.most = most;
    }

    void begin(int sequences) {
        policy.begin(sequences);
    }

    /** The next token to compute and, where that is the last there is, guesses behind it. */
    int[] tokens(Sequence sequence) {
        int computed = sequence.kv().computed();
        int next = sequence.tokens()[computed];
        int room = Math.min(most, sequence.room() - 1);
        if (room <= 0 || computed + 1 < sequence.length()) {
            return new int[] {next};
        }
        int[] guess = PromptLookup.guess(sequence.tokens(), sequence.length(), room);
        int length = guess.length == 0 ? 0 : policy.length(sequence.acceptance(), guess.length);
        if (length == 0 || !table.growIfFree(sequence, computed + 1 + length)) {
            return new int[] {next};
        }
        int[] tokens = new int[1 + length];
        tokens[0] = next;
        System.arraycopy(guess, 0, tokens, 1, length);
        return tokens;
    }

    void measured(int rows, long nanos) {
        policy.measured(rows, nanos);
    }

    void learn(Sequence sequence, int guessed, int accepted) {
        if (guessed > 0) {
            int right = Math.max(0, accepted);
            sequence.acceptance().learn(guessed, right);
            counters.drafted(guessed, right);
        }
    }
}
