package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.speculate.DraftPolicy;
import dev.candor.inference.engine.speculate.PromptLookup;
import java.util.ArrayList;
import java.util.List;

/**
 * Which tokens each sequence gets in a step: its last, and behind it guesses where they pay. Guesses need steps that compute the same bits
 * whether they take one token or several; then they change nothing but the time an answer takes.
 */
final class Drafts {
    private static final int[] NOTHING = {};

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

    /** The tokens of the sequences that decode, in the order of their slots. */
    int[][] tokens() {
        int batch = table.decoding();
        int[][] guesses = new int[batch][];
        List<DraftPolicy.Candidate> candidates = new ArrayList<>();
        for (int slot = 0; slot < batch; slot++) {
            Sequence sequence = table.at(slot);
            guesses[slot] = guess(sequence);
            if (guesses[slot].length > 0) {
                candidates.add(new DraftPolicy.Candidate(sequence.acceptance(), guesses[slot].length));
            }
        }
        int length = policy.length(batch, candidates);
        int[][] tokens = new int[batch][];
        for (int slot = 0; slot < batch; slot++) {
            tokens[slot] = tokens(table.at(slot), guesses[slot], Math.min(length, guesses[slot].length));
        }
        return tokens;
    }

    private int[] guess(Sequence sequence) {
        int room = Math.min(most, sequence.room() - 1);
        boolean atEnd = sequence.kv().computed() + 1 == sequence.length();
        return room > 0 && atEnd ? PromptLookup.guess(sequence.tokens(), sequence.length(), room) : NOTHING;
    }

    private int[] tokens(Sequence sequence, int[] guess, int length) {
        int computed = sequence.kv().computed();
        boolean fits = length > 0 && table.growIfFree(sequence, computed + 1 + length);
        int[] tokens = new int[fits ? 1 + length : 1];
        tokens[0] = sequence.tokens()[computed];
        System.arraycopy(guess, 0, tokens, 1, tokens.length - 1);
        return tokens;
    }

    /** Learns what a step took. @param rows sequences times the tokens of the longest */
    void measured(int rows, long nanos) {
        policy.measured(rows, nanos);
    }

    /** Learns how many of a sequence's guesses were right. */
    void learn(Sequence sequence, int guessed, int right) {
        if (guessed > 0) {
            sequence.acceptance().learn(guessed, right);
            counters.drafted(guessed, right);
        }
    }
}
