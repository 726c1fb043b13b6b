package dev.candor.inference.engine.tensor;

import java.util.List;

/**
 * One run of a graph.
 *
 * @param outputs       names, in the order they are wanted
 * @param deadlineNanos on {@link System#nanoTime()}'s clock: the run ends then, whatever it is at
 * @param client        whose it is: clients that wait get equal shares; the empty string for nobody in particular
 */
public record TensorRequest(List<Tensor> inputs, List<String> outputs, long deadlineNanos, String client) {
    public TensorRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** Of nobody in particular. */
    public TensorRequest(List<Tensor> inputs, List<String> outputs, long deadlineNanos) {
        this(inputs, outputs, deadlineNanos, "");
    }

    /** The same run for {@code other}. */
    public TensorRequest of(String other) {
        return new TensorRequest(inputs, outputs, deadlineNanos, other);
    }
}
