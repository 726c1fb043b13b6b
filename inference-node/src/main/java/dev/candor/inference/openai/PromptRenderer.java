package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.openai.tools.ChatPrompt;
import dev.candor.inference.openai.tools.ChatTools;
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
 * @param tools     what there is to know about tool calls and reasoning with this model
 */
public record PromptRenderer(ChatTemplate template, Map<String, String> variables, Tokenizer tokenizer, ChatTools tools) {
    /** Of a template, which is tried out to see what it does with tools: made once a model. */
    public PromptRenderer(ChatTemplate template, Map<String, String> variables, Tokenizer tokenizer) {
        this(template, variables, tokenizer, ChatTools.of(template, variables, text -> tokenizer.encode(text).length == 1));
    }

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
        return new PromptRenderer(template.at(time), variables, tokenizer, tools);
    }

    /** @throws TemplateException if the template refuses the messages, the tools or its arguments */
    public RenderedPrompt render(ChatPrompt prompt) throws TemplateException {
        String text = text(prompt);
        return new RenderedPrompt(tokenizer.encode(text), tools.thinkingAfter(text));
    }

    /** The prompt as the model reads it, before it is cut into tokens. */
    public String text(ChatPrompt prompt) throws TemplateException {
        return text(prompt, true);
    }

    /** As {@link #text(ChatPrompt)}. @param generationPrompt whether the prompt ends with the beginning of an answer */
    public String text(ChatPrompt prompt, boolean generationPrompt) throws TemplateException {
        ObjectNode names = JsonNodeFactory.instance.objectNode();
        variables.forEach(names::put);
        tools.variables(prompt, names);
        names.put("add_generation_prompt", generationPrompt);
        return template.render(names);
    }
}
