package dev.candor.inference.http;

import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.inference.engine.ModelEngine;
import java.time.Instant;

/** A model that is loaded and can answer. Thread-safe. */
public sealed interface LoadedModel extends AutoCloseable permits ChatModel, EncoderModel, TensorModel {
    ModelBinding binding();

    /** When the model version was made. */
    Instant created();

    /** What it does, in one word: {@code chat}, {@code embedding}, {@code tensor} and such. */
    String task();

    /** The path that requests for it go to. */
    String route();

    ModelEngine engine();

    /** Whether its answers can be computed again to the last bit, so that requests may ask for the verification {@code replay}. */
    default boolean replayable() {
        return false;
    }

    /** Refuses new work, lets what is at work finish for a bounded time, and frees the memory. */
    @Override
    default void close() {
        engine().close();
    }
}
