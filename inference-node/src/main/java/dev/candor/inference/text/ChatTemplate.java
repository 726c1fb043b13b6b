package dev.candor.inference.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** Renders a conversation to a prompt. Thread-safe. */
public interface ChatTemplate {
    /**
     * @param variables a JSON object: {@code messages}, {@code add_generation_prompt}, and optionally {@code tools} and others
     * @throws TemplateException if the template refuses the conversation, or a bound is passed
     */
    String render(JsonNode variables) throws TemplateException;

    /** The template's text; empty if it is not made of one. */
    default String source() {
        return "";
    }

    /** The template as it renders at {@code time}: the same text then, whatever the day it is rendered on. */
    default ChatTemplate at(Instant time) {
        return this;
    }
}
