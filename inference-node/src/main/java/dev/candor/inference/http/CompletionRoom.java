package dev.candor.inference.http;

import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatPlan;
import dev.candor.inference.openai.CompletionPrompt;
import dev.candor.inference.openai.CompletionRequest;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.OutputFormat;
import dev.candor.inference.structured.CompiledConstraint;
import java.util.List;
import java.util.Optional;

/** What a model has room for. */
record CompletionRoom(CompletionRequest request, ChatModel model) {
    private static final int MAX_CHARACTERS_PER_TOKEN = 64;
    /** Log probabilities in an answer: each takes some 30 bytes of it. */
    private static final long MOST_LOGPROBS = 1_000_000;

    /** Spares the tokenizer what can only be too long. @throws ApiException if it is, or if the model cannot score a prompt that is to be */
    void requirePossible() throws ApiException {
        for (CompletionRequest.Prompt prompt : request.prompts()) {
            long least = switch (prompt) {
                case CompletionRequest.Tokens tokens -> tokens.ids().length;
                case CompletionRequest.Text text -> text.text().length() / MAX_CHARACTERS_PER_TOKEN;
            };
            requireRoom(least + request.suffix().map(String::length).orElse(0) / MAX_CHARACTERS_PER_TOKEN, "at least " + least);
        }
        if (request.scoresPrompts() && !model.engine().replayable()) {
            throw new ApiException(ErrorCode.UNSUPPORTED_PARAMETER, "'echo' with 'logprobs' is not supported by the model " + model.binding().name()
                    + " here: it gives the logits of a prompt's last token only.", "echo");
        }
    }

    /**
     * Tokens of each answer at most: as many as asked for, but no more than the context leaves behind the longest prompt.
     *
     * @throws ApiException if that is none where one was asked for, or the answer would hold too many log probabilities
     */
    int maxTokens(List<CompletionPrompt> prompts) throws ApiException {
        int longest = prompts.stream().mapToInt(prompt -> prompt.tokens().length).max().orElseThrow();
        requireRoom(longest, Integer.toString(longest));
        int most = Math.min(request.maxTokens(), model.contextLength() - longest);
        requireFewLogprobs(prompts, most);
        return most;
    }

    /** What the answers must obey. Takes processor time. @throws ApiException if the form cannot be kept to, within so many tokens */
    Optional<CompiledConstraint> form(int maxTokens) throws ApiException {
        if (request.format().isEmpty()) {
            return Optional.empty();
        }
        OutputFormat format = request.format().get();
        CompiledConstraint form = ChatPlan.compile(format.grammar(), format.param(), model.constraints());
        if (maxTokens > 0) {
            ChatPlan.requireRoom(form, maxTokens);
        }
        return Optional.of(form);
    }

    private void requireRoom(long tokens, String words) throws ApiException {
        int needed = request.maxTokens() > 0 ? 1 : 0;
        if (tokens + needed > model.contextLength()) {
            throw model.pastContext("a prompt takes " + words + ": shorten it.", "prompt");
        }
    }

    private void requireFewLogprobs(List<CompletionPrompt> prompts, int maxTokens) throws ApiException {
        if (request.logprobs().isEmpty()) {
            return;
        }
        long tokens = 0;
        for (CompletionPrompt prompt : prompts) {
            tokens += (long) request.choices() * (request.echo() ? prompt.tokens().length : 0) + (long) request.bestOf() * maxTokens;
        }
        long all = tokens * (1 + request.logprobs().getAsInt());
        if (all > MOST_LOGPROBS) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "The answer could hold " + all + " log probabilities, and may have " + MOST_LOGPROBS
                    + ": lower 'logprobs', 'max_tokens' or the number of choices.", "logprobs");
        }
    }
}
