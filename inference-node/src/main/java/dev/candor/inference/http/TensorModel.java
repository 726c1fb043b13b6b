package dev.candor.inference.http;

import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineStats;
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

    @Override
    public EngineInfo info() {
        return engine.info();
    }

    @Override
    public EngineStats stats() {
        return engine.stats();
    }

    @Override
    public boolean healthy() {
        return engine.healthy();
    }

    @Override
    public void close() {
        engine.close();
    }
}
