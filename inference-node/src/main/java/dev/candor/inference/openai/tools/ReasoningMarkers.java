package dev.candor.inference.openai.tools;

import java.util.List;
import java.util.Optional;

/** What a model puts around the text in which it thinks before it answers. */
public enum ReasoningMarkers {
    /** Qwen3, DeepSeek R1, SmolLM3. */
    THINK_TAGS("<think>", "</think>", "\n\n"),
    /** Mistral's Magistral. */
    THINK_BRACKETS("[THINK]", "[/THINK]", "");

    private final String open;
    private final String close;
    private final String gap;

    ReasoningMarkers(String open, String close, String gap) {
        this.open = open;
        this.close = close;
        this.gap = gap;
    }

    /** Those that a template's source knows. */
    static Optional<ReasoningMarkers> in(String source) {
        return List.of(values()).stream().filter(markers -> source.contains(markers.close)).findFirst();
    }

    String open() {
        return open;
    }

    String close() {
        return close;
    }

    /** What models were taught to put between thoughts and answer. */
    String gap() {
        return gap;
    }

    /** Where a model is that goes on after {@code prompt}. */
    Thinking after(String prompt) {
        String end = prompt.stripTrailing();
        return end.endsWith(open) ? new Thinking.Begun(this) : end.endsWith(close) ? new Thinking.Over() : new Thinking.Possible(this);
    }
}
