package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Describes a set of texts that a model may answer with. Descriptions are composed freely; a compiler checks and bounds them. */
public sealed interface Grammar {
    /** Exactly this text. Special tokens do not match it. */
    record Literal(String text) implements Grammar {}

    /**
     * One special (or otherwise added) token of the vocabulary, which stands for no text of its own.
     *
     * @param token as it is written in the tokenizer, such as {@code <tool_call>}
     */
    record Special(String token) implements Grammar {}

    /** One after the other. */
    record Sequence(List<Grammar> parts) implements Grammar {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /** One of them, at least one is given. */
    record Alternatives(List<Grammar> options) implements Grammar {
        public Alternatives {
            options = List.copyOf(options);
        }
    }

    /**
     * The same again and again.
     *
     * @param what must not match the empty text
     * @param max  {@link #UNBOUNDED} for no limit
     */
    record Repeat(Grammar what, int min, int max) implements Grammar {
        public static final int UNBOUNDED = Integer.MAX_VALUE;
    }

    /** Any JSON object. */
    record JsonObject() implements Grammar {}

    /** A JSON document that is valid by this schema (draft 2020-12, the subset that docs/structured.md states). */
    record JsonSchema(JsonNode schema) implements Grammar {}

    /** A text that this regular expression matches as a whole. */
    record Regex(String pattern) implements Grammar {}

    /** One of these texts, at least one is given. */
    record Choice(List<String> texts) implements Grammar {
        public Choice {
            texts = List.copyOf(texts);
        }
    }

    /**
     * Any text, the empty one too, in which none of {@code until} occurs. What ends it follows as the next part of a sequence:
     * {@code Sequence(FreeText("</think>"), Literal("</think>"), …)}.
     *
     * @param until none for any text at all
     */
    record FreeText(List<String> until) implements Grammar {
        public FreeText {
            until = List.copyOf(until);
        }
    }
}
