package dev.candor.inference.engine.ort;

import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import java.util.Arrays;
import java.util.Random;

/**
 * Whether a model's steps give the bits of a prefill on this machine, tried on two sequences of unequal length that decode together: token by token,
 * and several at once. A batch, a position or a length of cache that is not tried cannot behave otherwise, since the same kernels run on each row.
 */
final class ExactnessProbe {
    private static final int[] LENGTHS = {41, 18};
    private static final int SINGLE_STEPS = 3;
    private static final int LAST_STEP = 3;
    private static final int STEPPED = SINGLE_STEPS + LAST_STEP;

    private final ModelRunner runner;
    private final float[] logits;

    ExactnessProbe(ModelRunner runner) {
        this.runner = runner;
        this.logits = new float[runner.vocabSize()];
    }

    /** @throws ModelException if the model fails */
    boolean holds() throws ModelException {
        int sequences = Math.min(LENGTHS.length, runner.info().slots());
        if (runner.info().contextLength() < LENGTHS[0] || runner.scoringRows() < STEPPED) {
            return false;
        }
        int[][] tokens = new int[sequences][];
        float[][][] whole = new float[sequences][STEPPED][];
        for (int i = 0; i < sequences; i++) {
            tokens[i] = new Random(i).ints(LENGTHS[i], 0, runner.vocabSize()).toArray();
            whole(tokens[i], whole[i]);
            runner.prefill(i, tokens[i], 0, tokens[i].length - STEPPED);
        }
        boolean equal = true;
        for (int done = 0; done < STEPPED; done += done < SINGLE_STEPS ? 1 : LAST_STEP) {
            equal &= step(tokens, done, done < SINGLE_STEPS ? 1 : LAST_STEP, whole);
        }
        for (int i = 0; i < sequences; i++) {
            runner.trim(i, 0);
        }
        return equal;
    }

    private void whole(int[] tokens, float[][] into) throws ModelException {
        int slot = runner.scoringSlot();
        runner.prefill(slot, tokens, 0, tokens.length, tokens.length - STEPPED);
        for (int row = 0; row < STEPPED; row++) {
            into[row] = new float[runner.vocabSize()];
            runner.readLogits(row, into[row]);
        }
        runner.trim(slot, 0);
    }

    private boolean step(int[][] tokens, int done, int count, float[][][] whole) throws ModelException {
        int[][] next = new int[tokens.length][];
        int[] lengths = new int[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            lengths[i] = tokens[i].length - STEPPED + done;
            next[i] = Arrays.copyOfRange(tokens[i], lengths[i], lengths[i] + count);
        }
        runner.decode(new DecodeStep(tokens.length, next, lengths, true));
        boolean equal = true;
        for (int row = 0; row < tokens.length * count; row++) {
            runner.readLogits(row, logits);
            equal &= Arrays.equals(logits, whole[row / count][done + row % count]);
        }
        return equal;
    }
}
