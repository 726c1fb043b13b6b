package dev.candor.inference.openai;

import dev.candor.inference.openai.tools.ChatPrompt;
import java.util.Optional;

/**
 * A request for the tokens of a prompt.
 *
 * @param specialTokens whether the tokenizer adds what it puts around a bare text
 * @param tokenTexts    whether each token's text is told too
 */
public record TokenizeRequest(String model, Source source, boolean specialTokens, boolean tokenTexts) {
    /** What the tokens are of. */
    public sealed interface Source {}

    /** A text as it is. */
    public record Text(String prompt) implements Source {}

    /**
     * A chat, by the model's template.
     *
     * @param generationPrompt whether the prompt ends with the beginning of an answer
     */
    public record Chat(ChatPrompt prompt, boolean generationPrompt) implements Source {}

    /** The prompt of a chat request, as it would be made for its answer. */
    public static TokenizeRequest of(ChatRequest request) {
        return new TokenizeRequest(request.model(), new Chat(request.prompt(), true), false, false);
    }

    /**
     * Reads the body of {@code POST /tokenize}: {@code prompt} or {@code messages}.
     *
     * @throws ApiException naming the member at fault
     */
    public static TokenizeRequest parse(Fields fields) throws ApiException {
        String model = fields.text("model").orElseThrow(() -> fields.missing("model"));
        boolean texts = fields.flag("return_token_strs", false);
        Optional<String> prompt = fields.text("prompt");
        if (prompt.isPresent()) {
            if (fields.get("messages").isPresent()) {
                throw fields.invalid("messages", "stands beside 'prompt': give one of them");
            }
            return new TokenizeRequest(model, new Text(prompt.get()), fields.flag("add_special_tokens", true), texts);
        }
        if (fields.get("messages").isEmpty()) {
            throw fields.missing("prompt");
        }
        Chat chat = new Chat(PromptFields.read(fields), fields.flag("add_generation_prompt", true));
        return new TokenizeRequest(model, chat, fields.flag("add_special_tokens", false), texts);
    }

    /** The member that the tokens are of. */
    public String param() {
        return source instanceof Text ? "prompt" : "messages";
    }
}
