package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.text.ChatTemplate;
import dev.candor.inference.text.HfTokenizer;
import dev.candor.inference.text.TemplateException;
import dev.candor.inference.text.Tokenizer;
import dev.candor.inference.text.jinja.JinjaChatTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes the prompt of a chat request, the same on every node. Thread-safe.
 *
 * @param variables what the template may name beside the messages, for example {@code bos_token}
 */
public record PromptRenderer(ChatTemplate template, Map<String, String> variables, Tokenizer tokenizer) {
    /**
     * Of a model's files.
     *
     * @param clock what the template may ask for the date, unless that is given by {@link #at}
     * @throws TemplateException if the template cannot be read
     */
    public static PromptRenderer open(VerifiedModel model, HfTokenizer tokenizer, Clock clock) throws IOException, TemplateException {
        Map<String, String> variables = new HashMap<>();
        if (model.config().bosToken() >= 0) {
            variables.put("bos_token", tokenizer.token(model.config().bosToken()));
        }
        if (!model.config().eosTokens().isEmpty()) {
            variables.put("eos_token", tokenizer.token(model.config().eosTokens().getFirst()));
        }
        return new PromptRenderer(JinjaChatTemplate.parse(Files.readString(model.chatTemplate()), clock), Map.copyOf(variables), tokenizer);
    }

    /** As prompts are made at {@code time}, where the template asks for the date. */
    public PromptRenderer at(Instant time) {
        return new PromptRenderer(template.at(time), variables, tokenizer);
    }

    /** Token ids. @throws TemplateException if the template refuses the messages */
    public int[] tokens(ChatRequest request) throws TemplateException {
        ObjectNode names = JsonNodeFactory.instance.objectNode();
        names.set("messages", request.conversation());
        names.put("add_generation_prompt", true);
        variables.forEach(names::put);
        return tokenizer.encode(template.render(names));
    }
}
