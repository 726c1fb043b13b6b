package dev.candor.inference.engine;

import java.lang.foreign.MemorySegment;

/**
 * Runs one decoder model over a KV cache whose slots are each {@link EngineInfo#contextLength()} tokens long. Slots
 * {@code 0..info().slots()} decode; the {@link #stagingSlots()} slots above them only take prefills, and what is in them is copied down
 * before it decodes. Not thread-safe: one thread makes all calls. A call that throws leaves the slots it names undefined and the others
 * intact.
 */
public interface ModelRunner extends AutoCloseable {
    EngineInfo info();

    /** Token ids run from 0 to this, exclusive. */
    int vocabSize();

    /** Slots for prefills alone, at least one. */
    int stagingSlots();

    /** Most tokens a sequence may get in one decode; above 1 only if {@link #exact()}. */
    int stepTokens();

    /** Whether a {@link DecodeStep#exact() decode that is asked to} computes the very bits a prefill computes. */
    boolean exact();

    /**
     * Computes {@code tokens[from..to)} of a sequence into a slot, whose first {@code from} tokens must be there already.
     * The logits of the last of them are row 0 afterwards. The bits do not depend on how a sequence is cut into runs of more than one
     * token.
     *
     * @throws ModelException if the model fails; the sequence in the slot is lost
     */
    void prefill(int slot, int[] tokens, int from, int to) throws ModelException;

    /**
     * As {@link #prefill(int, int[], int, int)}, with the logits of each of {@code tokens[firstRow..to)}: of the first of them in row 0.
     *
     * @throws UnsupportedOperationException if {@link #scoringRows()} is 0
     */
    default void prefill(int slot, int[] tokens, int from, int to, int firstRow) throws ModelException {
        throw new UnsupportedOperationException("this runner gives the logits of the last token only");
    }

    /** Most rows of logits of one prefill; 0 if it gives those of the last token only. */
    default int scoringRows() {
        return 0;
    }

    /** A slot beyond all others, in which transcripts can be computed again; where {@link #scoringRows()} is not 0. */
    default int scoringSlot() {
        throw new UnsupportedOperationException("this runner has no slot for scoring");
    }

    /**
     * One step. Logits rows afterwards are in order of slots, and of tokens within a slot.
     *
     * @throws ModelException if the model fails; the sequences in these slots are lost
     */
    void decode(DecodeStep step) throws ModelException;

    /** Copies a row of the last run's logits. @param into {@link #vocabSize()} long */
    void readLogits(int row, float[] into);

    /** Copies the first {@code length} tokens of a slot into another slot. */
    void copySlot(int from, int to, int length);

    /** As {@link #copySlot}, for a slot {@code from} that is not needed any more and is empty afterwards. */
    default void moveSlot(int from, int to, int length) {
        copySlot(from, to, length);
        trim(from, 0);
    }

    /** Whether {@link #moveSlot} takes no memory: the sequence stays where it is and goes by another slot's number. */
    default boolean movesInPlace() {
        return false;
    }

    /** Bytes of keys and values of one token in all layers. */
    long kvBytesPerToken();

    /** Copies keys and values of a slot's tokens {@code from..to} out. @param into {@code (to - from) * kvBytesPerToken()} long */
    void saveKv(int slot, int from, int to, MemorySegment into);

    /** Copies keys and values that {@link #saveKv} wrote for as many tokens at the same positions back into a slot. */
    void restoreKv(int slot, int from, int to, MemorySegment source);

    /** Gives the memory behind a slot's first {@code length} tokens back to the system. */
    void trim(int slot, int length);

    /** Nothing was to be run for a while, and no slot is in use: gives work space of earlier runs back to the system. */
    default void rest() {}

    @Override
    void close();
}
