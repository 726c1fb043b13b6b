package dev.candor.inference.http;

import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineStats;
import dev.candor.inference.engine.encoder.EncoderEngine;
import java.time.Instant;

/** A loaded encoder model: it reads a text and gives a vector or labels. */
public record EncoderModel(ModelBinding binding, Instant created, EncoderEngine engine) implements LoadedModel {
    @Override
    public String task() {
        return "embedding";
    }

    @Override
    public String route() {
        return "/v1/embeddings";
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
