package dev.candor.inference.engine;

/**
 * Runs one decoder model over a KV cache of {@link EngineInfo#slots()} slots, each {@link EngineInfo#contextLength()} tokens long.
 * Not thread-safe: one thread makes all calls. A call that throws leaves the slots it names undefined and the others intact.
 */
public interface ModelRunner extends AutoCloseable {
    EngineInfo info();

    /** Token ids run from 0 to this, exclusive. */
    int vocabSize();

    /**
     * Computes {@code tokens[from..to)} of a sequence into a slot, whose first {@code from} tokens must be there already.
     * The logits of the last of them are row 0 afterwards.
     *
     * @throws ModelException if the model fails; the sequence in the slot is lost
     */
    void prefill(int slot, int[] tokens, int from, int to) throws ModelException;

    /**
     * One step of the sequences in slots {@code 0..batch}: slot {@code i} holds {@code lengths[i]} tokens and gets {@code tokens[i]}
     * as its next. Logits row {@code i} belongs to slot {@code i} afterwards.
     *
     * @throws ModelException if the model fails; the sequences in these slots are lost
     */
    void decode(int batch, int[] tokens, int[] lengths) throws ModelException;

    /** Copies a row of the last run's logits. @param into {@link #vocabSize()} long */
    void readLogits(int row, float[] into);

    /** Copies the first {@code length} tokens of a slot into another slot. */
    void copySlot(int from, int to, int length);

    @Override
    void close();
}
