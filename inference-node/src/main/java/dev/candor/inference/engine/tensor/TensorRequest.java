package dev.candor.inference.engine.tensor;

import java.util.List;

/**
 * One run of a graph.
 *
 * @param outputs       names, in the order they are wanted
 * @param deadlineNanos on {@link System#nanoTime()}'s clock: the run ends then, whatever it is at
 */
public record TensorRequest(List<Tensor> inputs, List<String> outputs, long deadlineNanos) {
    public TensorRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
