package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.FinishReason;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The sequences at work, on the engine's thread. Those that decode have the lowest slots without a gap, since one run takes neighbours
 * only; one sequence at a time is being prefilled, in a slot above them.
 *
 * <p>How a prompt is cut into chunks depends on the prompt alone, never on what else runs, and no chunk but that of a one-token prompt is
 * a single token, because attention over one token rounds differently: so a sequence comes out the same in any company.
 */
final class Batch {
    private final ModelRunner runner;
    private final Supplier<Sequence> waiting;
    private final Progress progress;
    private final int chunk;
    private final Sequence[] decoding;
    private final int[][] tokens;
    private final int[] lengths;
    private final float[] logits;
    private int decodingCount;
    private Sequence prefilling;
    private int prefillSlot;
    private int prefilled;

    /** Hears what a batch has done. */
    interface Progress {
        void prefilled(int tokens);

        void generated(int tokens);
    }

    /** @param waiting gives the next sequence, or null */
    Batch(ModelRunner runner, int chunk, Supplier<Sequence> waiting, Progress progress) {
        this.runner = runner;
        this.chunk = chunk;
        this.waiting = waiting;
        this.progress = progress;
        int slots = runner.info().slots();
        this.decoding = new Sequence[slots];
        this.tokens = new int[slots][1];
        this.lengths = new int[slots];
        this.logits = new float[runner.vocabSize()];
    }

    boolean idle() {
        return decodingCount == 0 && prefilling == null;
    }

    /** Computes up to a chunk of prompts, then one token of each sequence that decodes. */
    void step() {
        dropCancelled();
        prefill();
        decode();
    }

    /** Ends all sequences by {@code end}. */
    void endAll(Consumer<Sequence> end) {
        for (int i = 0; i < decodingCount; i++) {
            end.accept(decoding[i]);
        }
        decodingCount = 0;
        if (prefilling != null) {
            end.accept(prefilling);
            prefilling = null;
        }
    }

    private void dropCancelled() {
        for (int i = 0; i < decodingCount; i++) {
            if (decoding[i].cancelled()) {
                decoding[i].finish(FinishReason.CANCELLED);
            }
        }
        removeEnded();
        if (prefilling != null && prefilling.cancelled()) {
            prefilling.finish(FinishReason.CANCELLED);
            prefilling = null;
        }
    }

    private void prefill() {
        int budget = chunk;
        while (budget > 0 && startPrefill()) {
            int size = nextChunk(prefilling.promptLength() - prefilled);
            if (size > budget && budget < chunk) {
                return;
            }
            budget -= size;
            runPrefill(size);
        }
    }

    private boolean startPrefill() {
        if (prefilling != null) {
            return true;
        }
        if (decodingCount == decoding.length) {
            return false;
        }
        prefilling = waiting.get();
        prefillSlot = decodingCount;
        prefilled = 0;
        return prefilling != null;
    }

    private int nextChunk(int remaining) {
        if (remaining <= chunk) {
            return remaining;
        }
        return remaining - chunk == 1 ? chunk - 1 : chunk;
    }

    private void runPrefill(int size) {
        try {
            runner.prefill(prefillSlot, prefilling.tokens(), prefilled, prefilled + size);
        } catch (ModelException | RuntimeException e) {
            prefilling.fail(e);
            prefilling = null;
            return;
        }
        prefilled += size;
        progress.prefilled(size);
        if (prefilled == prefilling.promptLength()) {
            progress.generated(1);
            runner.readLogits(0, logits);
            prefilling.step(logits);
            startDecoding();
        }
    }

    private void startDecoding() {
        Sequence sequence = prefilling;
        prefilling = null;
        if (sequence.over()) {
            return;
        }
        if (prefillSlot != decodingCount) {
            runner.copySlot(prefillSlot, decodingCount, prefilled);
        }
        decoding[decodingCount++] = sequence;
    }

    private void decode() {
        if (decodingCount == 0) {
            return;
        }
        int batch = decodingCount;
        for (int i = 0; i < batch; i++) {
            tokens[i][0] = decoding[i].lastToken();
            lengths[i] = decoding[i].length() - 1;
        }
        try {
            runner.decode(new DecodeStep(batch, tokens, lengths, false));
            progress.generated(batch);
            for (int i = 0; i < batch; i++) {
                runner.readLogits(i, logits);
                decoding[i].step(logits);
            }
        } catch (ModelException | RuntimeException e) {
            for (int i = 0; i < batch; i++) {
                decoding[i].fail(e);
            }
        }
        removeEnded();
    }

    /** Fills each gap with the last sequence; from the top, so that none is moved that is over itself. */
    private void removeEnded() {
        for (int i = decodingCount - 1; i >= 0; i--) {
            if (decoding[i].over()) {
                int last = --decodingCount;
                if (i != last) {
                    runner.copySlot(last, i, decoding[last].length() - 1);
                    decoding[i] = decoding[last];
                }
                decoding[last] = null;
            }
        }
    }
}
