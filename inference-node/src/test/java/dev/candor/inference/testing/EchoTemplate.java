package dev.candor.inference.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.text.ChatTemplate;

/** Puts roles and contents one after the other. It says of itself that it knows thoughts and how hard to think. */
public final class EchoTemplate implements ChatTemplate {
    @Override
    public String render(JsonNode variables) {
        StringBuilder prompt = new StringBuilder();
        variables.get("messages").forEach(message ->
                prompt.append(message.get("role").asText()).append(':').append(message.path("content").asText("")));
        return prompt.toString();
    }

    @Override
    public String source() {
        return "{# <think></think> reasoning_effort #}";
    }
}
