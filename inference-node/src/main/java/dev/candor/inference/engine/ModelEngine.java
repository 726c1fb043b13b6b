package dev.candor.inference.engine;

/** What runs a model, whatever it answers with. Thread-safe. */
public interface ModelEngine extends AutoCloseable {
    EngineInfo info();

    EngineStats stats();

    /** False once it can serve no more: it was closed, or its thread died. */
    boolean healthy();

    /** Refuses new work, lets what is at work finish for a bounded time, then cancels it and frees the memory. */
    @Override
    void close();
}
