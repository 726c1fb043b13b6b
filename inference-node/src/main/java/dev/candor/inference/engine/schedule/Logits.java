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
        float sum = 0;
        for (float value : values) {
            sum += value * 0;
        }
        return sum == 0;
    }

    /** The row read last. */
    float[] values() {
        return values;
    }

    static ModelException notNumbers() {
        return new ModelException("the model computed logits that are not numbers for this request; others are not affected");
    }
}
