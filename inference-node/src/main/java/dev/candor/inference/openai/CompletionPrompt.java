package dev.candor.inference.openai;

import dev.candor.inference.text.Infill;
import dev.candor.inference.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * A prompt of a request for completions as the engine takes it.
 *
 * @param tokens ids, at least one
 * @param text   as {@code echo} gives it back
 */
public record CompletionPrompt(int[] tokens, String text) {
    /**
     * The prompts of a request, the same on every node. Runs native code.
     *
     * @throws ApiException if one is empty, or the model has no tokens to fill gaps by and the request has a suffix
     */
    public static List<CompletionPrompt> of(CompletionRequest request, Tokenizer tokenizer) throws ApiException {
        List<CompletionPrompt> prompts = new ArrayList<>();
        for (CompletionRequest.Prompt prompt : request.prompts()) {
            CompletionPrompt made = switch (prompt) {
                case CompletionRequest.Tokens tokens -> new CompletionPrompt(tokens.ids(), request.echo() ? tokenizer.decode(tokens.ids()) : "");
                case CompletionRequest.Text text -> new CompletionPrompt(tokenizer.encodeBare(input(request, text.text(), tokenizer)), text.text());
            };
            if (made.tokens().length == 0) {
                throw new ApiException(ErrorCode.INVALID_VALUE, "'prompt' gives no tokens: give at least one character or token id.", "prompt");
            }
            prompts.add(made);
        }
        return prompts;
    }

    private static String input(CompletionRequest request, String text, Tokenizer tokenizer) throws ApiException {
        if (request.suffix().isEmpty()) {
            return text;
        }
        return Infill.of(tokenizer)
                .orElseThrow(() -> new ApiException(ErrorCode.UNSUPPORTED_PARAMETER, "'suffix' is not supported by this model: its vocabulary has no"
                        + " tokens that mark a gap, such as <|fim_prefix|>. Ask a model that was trained to fill gaps.", "suffix"))
                .prompt(text, request.suffix().get());
    }
}
