package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;

/** A row of a runner's logits, looked at before it is used. */
final class Logits {
    private final ModelRunner runner;
    private final float[] values;

    Logits(ModelRunner runner) {
        this.runner = runner;
        this.values = new float[runner.vocabSize()];
    }

    /** Copies a row. @return false if not all in it are finite numbers */
    boolean read(int row) {
        runner.readLogits(row, values);
        return finite();
    }

    /** Copies a row that a sampler will look at, which finds what is no number by itself. */
    float[] readForSampler(int row) {
        runner.readLogits(row, values);
        return values;
    }

    /** Four sums at a time, since each addition waits for the one before it in the same sum. */
    private boolean finite() {
        float first = 0;
        float second = 0;
        float third = 0;
        float fourth = 0;
        int i = 0;
        for (; i + 3 < values.length; i += 4) {
            first += values[i] * 0;
            second += values[i + 1] * 0;
            third += values[i + 2] * 0;
            fourth += values[i + 3] * 0;
        }
        for (; i < values.length; i++) {
            first += values[i] * 0;
        }
        return first + second + third + fourth == 0;
    }

    /** The row read last. */
    float[] values() {
        return values;
    }

    static ModelException notNumbers() {
        return new ModelException("the model computed logits that are not numbers for this request; others are not affected");
    }
}
