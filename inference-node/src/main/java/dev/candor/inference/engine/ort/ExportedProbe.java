package dev.candor.inference.engine.ort;

import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.ModelException;

/**
 * Finds out on a few tokens what an exported graph computes rightly. Some are traced for one token at a time behind a past, some take a sequence's
 * position from the length of the batch; such a graph is served all the same, one sequence and one whole prompt at a time.
 */
final class ExportedProbe {
    private static final int TOKENS = 6;
    private static final int PART = 3;
    /** Of the largest logit: what rounding may differ in 16 bits is far less, what a wrong position does is far more. */
    private static final float TOLERANCE = 0.02f;

    private final ExportedModelRunner runner;
    private final int[] tokens = new int[TOKENS];

    ExportedProbe(ExportedModelRunner runner) {
        this.runner = runner;
        for (int i = 0; i < TOKENS; i++) {
            tokens[i] = (int) ((i * 7919L + 3) % runner.vocabSize());
        }
    }

    ExportedModelRunner.Abilities probe() throws ModelException {
        if (runner.info().contextLength() <= TOKENS) {
            throw new ModelException("the context of " + runner.info().contextLength() + " tokens is too short to try the graph out");
        }
        float[] whole = prefilled(TOKENS);
        for (float logit : whole) {
            if (!Float.isFinite(logit)) {
                throw new ModelException("the model gives logits that are not numbers: its files are damaged or its conversion is wrong");
            }
        }
        prefilled(TOKENS - 1);
        if (!close(decoded(1, TOKENS - 1), whole)) {
            throw new ModelException("the graph gives other logits with its cache than without: its export is wrong");
        }
        return new ExportedModelRunner.Abilities(chunks(whole), runner.info().slots() > 1 && batches(whole));
    }

    private float[] prefilled(int count) throws ModelException {
        runner.prefill(0, tokens, 0, count);
        return logits(0);
    }

    /** Slot 0 gets its token {@code length}, and slot 1 the last of its shorter sequence, if there are two. */
    private float[] decoded(int batch, int length) throws ModelException {
        int[][] next = {{tokens[length]}, {tokens[PART - 1]}};
        runner.decode(new DecodeStep(batch, next, new int[] {length, PART - 1}, false));
        return logits(0);
    }

    private boolean chunks(float[] whole) throws ModelException {
        try {
            runner.prefill(0, tokens, 0, PART);
            runner.prefill(0, tokens, PART, TOKENS);
            return close(logits(0), whole);
        } catch (ModelException e) {
            return false;
        }
    }

    private boolean batches(float[] whole) throws ModelException {
        try {
            float[] shorter = prefilled(PART);
            runner.prefill(0, tokens, 0, TOKENS - 1);
            runner.prefill(1, tokens, 0, PART - 1);
            return close(decoded(2, TOKENS - 1), whole) && close(logits(1), shorter);
        } catch (ModelException e) {
            return false;
        }
    }

    private float[] logits(int row) {
        float[] logits = new float[runner.vocabSize()];
        runner.readLogits(row, logits);
        return logits;
    }

    private static boolean close(float[] found, float[] expected) {
        float largest = 0;
        float difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(found[i] - expected[i]));
        }
        return difference <= TOLERANCE * largest;
    }
}
