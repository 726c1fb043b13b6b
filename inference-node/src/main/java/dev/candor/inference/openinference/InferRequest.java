package dev.candor.inference.openinference;

import dev.candor.inference.engine.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A request of the Open Inference Protocol, version 2.
 *
 * @param id           echoed in the answer
 * @param verification what the parameter of that name asks for, if it is there
 * @param timeout      microseconds that the request may take
 * @param outputs      those asked for; none for all of the model's
 * @param binaryOutput whether outputs for which nothing else is said come as bytes after the JSON
 */
public record InferRequest(
        Optional<String> id, Optional<String> verification, OptionalLong timeout, List<Tensor> inputs, List<Output> outputs, boolean binaryOutput) {
    /** An output asked for. @param binary whether it comes as bytes after the JSON */
    public record Output(String name, boolean binary) {}

    public InferRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
