package dev.candor.inference.engine.tensor;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A graph's inputs and outputs, in its order. */
public record TensorSignature(List<TensorSpec> inputs, List<TensorSpec> outputs) {
    public TensorSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    public Optional<TensorSpec> input(String name) {
        return inputs.stream().filter(spec -> spec.name().equals(name)).findFirst();
    }

    public Optional<TensorSpec> output(String name) {
        return outputs.stream().filter(spec -> spec.name().equals(name)).findFirst();
    }

    /** @throws TensorMismatchException saying which tensor is missing, unknown, or of another type or shape than the graph's */
    public void check(List<Tensor> tensors, List<String> requested) throws TensorMismatchException {
        Set<String> given = new HashSet<>();
        for (Tensor tensor : tensors) {
            checkInput(tensor);
            if (!given.add(tensor.name())) {
                throw new TensorMismatchException("the input '" + tensor.name() + "' comes twice", tensor.name());
            }
        }
        for (TensorSpec input : inputs) {
            if (!given.contains(input.name())) {
                throw new TensorMismatchException("the input '" + input.name() + "' is missing; the model takes " + names(inputs), input.name());
            }
        }
        for (String name : requested) {
            if (output(name).isEmpty()) {
                throw new TensorMismatchException("the model has no output '" + name + "'; it gives " + names(outputs), name);
            }
        }
    }

    private void checkInput(Tensor tensor) throws TensorMismatchException {
        String name = tensor.name();
        TensorSpec spec = input(name)
                .orElseThrow(() -> new TensorMismatchException("the model has no input '" + name + "'; it takes " + names(inputs), name));
        if (spec.datatype() != tensor.datatype()) {
            throw new TensorMismatchException("the input '" + name + "' has datatype " + tensor.datatype() + ", the model takes " + spec.datatype(), name);
        }
        if (!spec.fits(tensor.shape())) {
            throw new TensorMismatchException("the input '" + name + "' has shape " + tensor.shape() + ", the model takes " + spec.shape().orElseThrow()
                    + " (-1: any length)", name);
        }
    }

    private static String names(List<TensorSpec> specs) {
        return specs.stream().map(TensorSpec::name).collect(Collectors.joining(", "));
    }
}
