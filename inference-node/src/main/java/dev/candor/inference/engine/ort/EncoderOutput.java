package dev.candor.inference.engine.ort;

import dev.candor.hub.manifest.EncoderConfig;
import dev.candor.hub.manifest.EncoderTask;
import dev.candor.inference.engine.encoder.EncoderInput;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes a run's output apart: each sequence's own rows, pooled where the model asks for it.
 *
 * @param longest tokens of the run's rows
 */
record EncoderOutput(EncoderConfig model, boolean tokenwise, int longest) {
    /** What the model gives for each sequence of {@code batch}. */
    List<float[]> read(FloatBuffer output, List<EncoderInput> batch) {
        List<float[]> results = new ArrayList<>(batch.size());
        int stride = (tokenwise ? longest : 1) * model.width();
        for (int row = 0; row < batch.size(); row++) {
            int rows = tokenwise ? batch.get(row).length() : 1;
            float[] values = new float[rows * model.width()];
            output.get(row * stride, values);
            results.add(model.task() == EncoderTask.EMBEDDING ? vector(values, rows) : values);
        }
        return results;
    }

    private float[] vector(float[] values, int tokens) {
        int width = model.width();
        float[] pooled = switch (model.pooling()) {
            case NONE -> values;
            case CLS -> Arrays.copyOf(values, width);
            case LAST -> Arrays.copyOfRange(values, (tokens - 1) * width, tokens * width);
            case MAX -> greatest(values, tokens);
            case MEAN -> sum(values, tokens, tokens);
            case MEAN_SQRT -> sum(values, tokens, Math.sqrt(tokens));
        };
        return model.normalize() ? normalized(pooled) : pooled;
    }

    private float[] sum(float[] values, int tokens, double divisor) {
        double[] sums = new double[model.width()];
        for (int token = 0; token < tokens; token++) {
            int from = token * sums.length;
            for (int i = 0; i < sums.length; i++) {
                sums[i] += values[from + i];
            }
        }
        float[] out = new float[sums.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) (sums[i] / divisor);
        }
        return out;
    }

    private float[] greatest(float[] values, int tokens) {
        float[] out = Arrays.copyOf(values, model.width());
        for (int token = 1; token < tokens; token++) {
            for (int i = 0; i < out.length; i++) {
                out[i] = Math.max(out[i], values[token * out.length + i]);
            }
        }
        return out;
    }

    /** A vector of zeros stays what it is. */
    static float[] normalized(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double length = Math.sqrt(squares);
        float[] out = new float[vector.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = length == 0 ? vector[i] : (float) (vector[i] / length);
        }
        return out;
    }
}
