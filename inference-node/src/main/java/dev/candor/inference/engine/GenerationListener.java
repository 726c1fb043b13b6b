package dev.candor.inference.engine;

/** Receives a sequence's progress on the engine's thread; must not block. Ends with exactly one of the last two calls. */
public interface GenerationListener {
    /**
     * Text that can no longer change: whole UTF-8 characters, no part of a possible stop string.
     *
     * @param tokens how many tokens were generated so far
     */
    void onText(String text, int tokens);

    void onFinished(GenerationResult result);

    void onFailed(Exception failure);
}
