package dev.candor.inference.openai;

import dev.candor.inference.openai.tools.AnswerMessage;
import dev.candor.inference.openai.tools.AnswerParser;
import dev.candor.inference.openai.tools.CallIds;
import dev.candor.inference.openai.tools.ChatTools;
import dev.candor.inference.openai.tools.UnsupportedToolException;
import dev.candor.inference.structured.CompiledConstraint;
import dev.candor.inference.structured.ConstraintCompiler;
import dev.candor.inference.structured.Grammar;
import dev.candor.inference.structured.UnsupportedGrammarException;
import dev.candor.inference.text.TemplateException;
import java.util.Optional;

/**
 * A chat request made ready for its model, the same on every node.
 *
 * @param constraint what each answer must obey
 * @param tools      how the model calls tools
 */
public record ChatPlan(ChatRequest request, RenderedPrompt prompt, Optional<CompiledConstraint> constraint, ChatTools tools) {
    /**
     * Makes a request ready. Takes processor time for prompt and constraint.
     *
     * @throws TemplateException if the template refuses the messages
     * @throws ApiException      if the answer's form cannot be compiled
     */
    public static ChatPlan of(ChatRequest request, PromptRenderer prompts, ConstraintCompiler constraints) throws TemplateException, ApiException {
        RenderedPrompt prompt = prompts.render(request.prompt());
        Optional<Grammar> grammar = grammar(request, prompt, prompts.tools(), constraints);
        if (grammar.isEmpty()) {
            return new ChatPlan(request, prompt, Optional.empty(), prompts.tools());
        }
        String param = request.format().map(OutputFormat::param).orElseGet(() -> request.prompt().tools().legacy() ? "functions" : "tools");
        return new ChatPlan(request, prompt, Optional.of(compile(grammar.get(), param, constraints)), prompts.tools());
    }

    private static Optional<Grammar> grammar(ChatRequest request, RenderedPrompt prompt, ChatTools tools, ConstraintCompiler constraints)
            throws ApiException {
        try {
            return tools.grammar(request.prompt().tools(), request.format().map(OutputFormat::grammar), prompt.thinking(), constraints);
        } catch (UnsupportedToolException e) {
            throw new ApiException(ErrorCode.UNSUPPORTED_FORMAT, "'" + e.param() + "': " + e.getMessage() + ".", e.param());
        }
    }

    /**
     * Compiles what an answer must obey.
     *
     * @param param the member of the request that asks for it
     * @throws ApiException if it cannot be compiled
     */
    public static CompiledConstraint compile(Grammar grammar, String param, ConstraintCompiler constraints) throws ApiException {
        try {
            return constraints.compile(grammar);
        } catch (UnsupportedGrammarException e) {
            String place = e.pointer().isEmpty() ? "" : " (at " + e.pointer() + ")";
            throw new ApiException(
                    ErrorCode.UNSUPPORTED_FORMAT, "'" + param + "' asks for a form that cannot be kept to: " + e.getMessage() + place + ".", param);
        }
    }

    /** @throws ApiException if the shortest text of a form takes more tokens than the answer may have */
    public static void requireRoom(CompiledConstraint form, int maxTokens) throws ApiException {
        if (form.minTokens() > maxTokens) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "The shortest answer of the form asked for may take " + form.minTokens()
                    + " tokens, and this one may have " + maxTokens + ": allow more by 'max_tokens', or shorten the prompt.", "max_tokens");
        }
    }

    /** Takes an answer apart. @param answerId of which the ids of tool calls are made */
    public AnswerParser parser(String answerId, int choice) {
        return tools.parser(request.prompt().tools(), prompt.thinking(), CallIds.of(answerId, choice));
    }

    /** The message that an answer's text makes. @param answerId of which the ids of tool calls are made */
    public AnswerMessage message(String text, String answerId, int choice) {
        return AnswerMessage.of(text, parser(answerId, choice), request.prompt().tools());
    }
}
