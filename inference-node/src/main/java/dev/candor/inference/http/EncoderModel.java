package dev.candor.inference.http;

import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.hub.manifest.EncoderConfig;
import dev.candor.inference.engine.encoder.EncoderEngine;
import dev.candor.inference.text.EncoderTokenizer;
import java.time.Instant;

/** A loaded encoder model: it reads a text and gives a vector, labels or a score. It owns tokenizer and engine. Thread-safe. */
public record EncoderModel(ModelBinding binding, Instant created, EncoderConfig config, EncoderTokenizer tokenizer, EncoderEngine engine)
        implements LoadedModel {
    @Override
    public String task() {
        return config.task().word();
    }

    @Override
    public String route() {
        return switch (config.task()) {
            case EMBEDDING -> HttpApi.EMBEDDINGS;
            case CLASSIFICATION, TOKEN_CLASSIFICATION -> HttpApi.CLASSIFY;
            case RERANK -> HttpApi.RERANK;
        };
    }

    @Override
    public void close() {
        engine.close();
        tokenizer.close();
    }
}
