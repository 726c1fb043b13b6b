package dev.candor.inference.http;

import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.inference.engine.tensor.TensorEngine;
import java.time.Instant;

/** A loaded graph that takes and gives bare tensors. */
public record TensorModel(ModelBinding binding, Instant created, TensorEngine engine) implements LoadedModel {
    @Override
    public String task() {
        return "tensor";
    }

    @Override
    public String route() {
        return "/v2/models/" + binding.name() + "/infer";
    }
}
