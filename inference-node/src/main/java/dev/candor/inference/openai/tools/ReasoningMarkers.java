package dev.candor.inference.openai.tools;

import java.util.List;
import java.util.Optional;

/** What a model puts around the text in which it thinks before it answers. */
public enum ReasoningMarkers {
    /** Qwen3, DeepSeek R1, SmolLM3. */
    THINK_TAGS("<think>", "</think>"),
    /** Mistral's Magistral. */
    THINK_BRACKETS("[THINK]", "[/THINK]");

    private final String open;
    private final String close;

    ReasoningMarkers(String open, String close) {
        this.open = open;
        this.close = close;
    }

    /** Those a template's source knows. */
    static Optional<ReasoningMarkers> in(String source) {
        return List.of(values()).stream().filter(markers -> source.contains(markers.close)).findFirst();
    }

    String open() {
        return open;
    }

    String close() {
        return close;
    }

    /** Whether an answer that follows {@code prompt} begins inside of the markers. */
    boolean openAfter(String prompt) {
        return prompt.stripTrailing().endsWith(open);
    }
}
