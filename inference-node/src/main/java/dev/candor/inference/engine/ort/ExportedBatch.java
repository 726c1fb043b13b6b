package dev.candor.inference.engine.ort;

import dev.candor.inference.engine.DecodeStep;
import java.util.Arrays;

/** The sequences whose keys and values lie ready in a batch buffer for their next step, and how far the store is behind. */
final class ExportedBatch {
    private final ExportedKv kv;
    private int[] stored = {};
    private int[] lengths = {};
    private int positions;
    private int side;

    ExportedBatch(ExportedKv kv) {
        this.kv = kv;
    }

    /** Positions of a row: its padding and its tokens. */
    int positions() {
        return positions;
    }

    /** The buffer that holds them. */
    int side() {
        return side;
    }

    /** Whether the sequences of {@code step} are these, and as long as these. */
    boolean holds(DecodeStep step) {
        return step.batch() == lengths.length && Arrays.equals(step.lengths(), 0, step.batch(), lengths, 0, lengths.length);
    }

    /** Takes the sequences of {@code step} in place of those there are. */
    void gather(DecodeStep step) {
        release();
        lengths = Arrays.copyOf(step.lengths(), step.batch());
        stored = lengths.clone();
        positions = Arrays.stream(lengths).max().orElse(0);
        side = 0;
        for (int row = 0; row < lengths.length; row++) {
            kv.gather(row, lengths[row], side, row, positions);
        }
    }

    /** A run has written every row with its next token to the other buffer. */
    void advance() {
        side = 1 - side;
        positions++;
        for (int row = 0; row < lengths.length; row++) {
            lengths[row]++;
        }
    }

    /** Brings the store up to date and lets the sequences go. */
    void release() {
        for (int row = 0; row < lengths.length; row++) {
            if (stored[row] < lengths[row]) {
                kv.scatter(side, row, positions, kv.offset(lengths[row], positions), row, stored[row], lengths[row]);
            }
        }
        drop();
    }

    /** Lets the sequences go, whose last run failed. */
    void drop() {
        lengths = new int[0];
        stored = new int[0];
        positions = 0;
    }
}
