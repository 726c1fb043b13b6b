package dev.candor.inference.http;

import dev.candor.inference.openai.ApiException;
import java.util.List;

/** Loads models of the node's store, and unloads them. Thread-safe; {@link #load} and {@link #unload} block. */
public interface ModelControl {
    /** Where a model is on its way. */
    enum State {
        READY,
        LOADING,
        UNLOADING,
        UNAVAILABLE
    }

    /**
     * A model that the node knows.
     *
     * @param name   {@code publisher/name@version}
     * @param reason why it is not ready; empty if it is
     */
    record Entry(String name, State state, String reason) {}

    /** Every model the node serves or could load. */
    List<Entry> index();

    /**
     * Loads a model; one that is loaded stays as it is.
     *
     * @param name with or without version and publisher
     * @throws ApiException if it is not known, on its way already, or cannot be opened, with the reason
     */
    void load(String name) throws ApiException;

    /**
     * Takes a model from service: new requests are refused, those at work end, then its memory is given back.
     *
     * @throws ApiException if it is not loaded
     */
    void unload(String name) throws ApiException;
}
