package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.text.ChatTemplate;
import dev.candor.inference.text.TemplateException;
import dev.candor.inference.text.Tokenizer;
import java.util.Map;

/**
 * Makes the prompt of a chat request, the same on every node. Thread-safe.
 *
 * @param variables what the template may name beside the messages, for example {@code bos_token}
 */
public record PromptRenderer(ChatTemplate template, Map<String, String> variables, Tokenizer tokenizer) {
    /** Token ids. @throws TemplateException if the template refuses the messages */
    public int[] tokens(ChatRequest request) throws TemplateException {
        ObjectNode names = JsonNodeFactory.instance.objectNode();
        names.set("messages", request.conversation());
        names.put("add_generation_prompt", true);
        variables.forEach(names::put);
        return tokenizer.encode(template.render(names));
    }
}
