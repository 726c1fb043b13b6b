package dev.candor.inference.engine;

import java.util.List;

/**
 * What became certain of a sequence in one step.
 *
 * @param text   text that can no longer change: whole UTF-8 characters, no part of a possible stop string; may be empty where there are scores
 * @param tokens how many tokens were generated so far
 * @param scores of the tokens since the progress before, each once and in order, where the request asks for them; else empty. They come as their
 *               tokens do, so they may be ahead of the text; an end token has none
 */
public record Progress(String text, int tokens, List<TokenScore> scores) {
    /** Without scores. */
    public Progress(String text, int tokens) {
        this(text, tokens, List.of());
    }
}
