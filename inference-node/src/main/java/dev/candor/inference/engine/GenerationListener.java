package dev.candor.inference.engine;

/** Receives a sequence's progress on the engine's thread; must not block. Ends with exactly one of the last two calls. */
public interface GenerationListener {
    void onProgress(Progress progress);

    void onFinished(GenerationResult result);

    void onFailed(Exception failure);
}
