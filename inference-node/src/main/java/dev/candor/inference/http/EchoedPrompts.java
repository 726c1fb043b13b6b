package dev.candor.inference.http;

import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.TokenScore;
import dev.candor.inference.engine.schedule.PromptScoring;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.CompletionPrompt;
import dev.candor.inference.openai.CompletionRequest;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** What stands before the generated text of a completion's choices: with {@code echo} the prompts, and their log probabilities if asked for. */
final class EchoedPrompts {
    private final CompletionRequest request;
    private final List<CompletionPrompt> prompts;
    private final ChatModel model;
    private final OptionalLong deadlineNanos;
    private final List<List<TokenScore>> scores = new ArrayList<>();
    private Optional<PromptScoring> current = Optional.empty();
    private boolean cancelled;

    EchoedPrompts(CompletionRequest request, List<CompletionPrompt> prompts, ChatModel model, OptionalLong deadlineNanos) {
        this.request = request;
        this.prompts = prompts;
        this.model = model;
        this.deadlineNanos = deadlineNanos;
    }

    /** Has the prompts scored, one after the other, where that is asked for. @throws Exception if they cannot be */
    void score() throws Exception {
        if (!request.scoresPrompts()) {
            return;
        }
        for (CompletionPrompt prompt : prompts) {
            scores.add(prompt.tokens().length > 1 ? scored(prompt.tokens()) : List.of());
        }
    }

    private List<TokenScore> scored(int[] prompt) throws Exception {
        try {
            return begin(prompt).scores().get();
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "The model cannot take this request: " + e.getMessage() + ".", "prompt");
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case TimeoutException late -> ServiceRules.late("the prompt's log probabilities");
                case EngineOverloadedException starved -> new ApiException(ErrorCode.UNAVAILABLE, "The prompt was not scored, and nothing was charged: "
                        + starved.getMessage() + ". Try again when the node has less to do.");
                case Exception other -> other;
                default -> e;
            };
        } catch (CancellationException e) {
            throw new ApiException(ErrorCode.UNAVAILABLE, "The request was cancelled before its prompt was scored.");
        }
    }

    private synchronized PromptScoring begin(int[] prompt) throws EngineOverloadedException {
        if (cancelled) {
            throw new CancellationException();
        }
        PromptScoring scoring = PromptScoring.start(prompt, request.logprobs().orElse(0), model.engine(), deadlineNanos);
        current = Optional.of(scoring);
        return scoring;
    }

    /** Nobody waits any more. */
    synchronized void cancel() {
        cancelled = true;
        current.ifPresent(PromptScoring::cancel);
    }

    CompletionRequest request() {
        return request;
    }

    Tokenizer tokenizer() {
        return model.tokenizer();
    }

    /** A choice's prompt as it stands before its text; empty where it does not. */
    String text(int choice) {
        return request.echo() ? promptOf(choice).text() : "";
    }

    /** The first token of a choice's prompt. */
    int firstToken(int choice) {
        return promptOf(choice).tokens()[0];
    }

    /** Of the other tokens of a choice's prompt. */
    List<TokenScore> scores(int choice) {
        return scores.get(choice / request.choices());
    }

    int promptTokens(int choice) {
        return promptOf(choice).tokens().length;
    }

    /** Answers to all prompts. */
    int choices() {
        return prompts.size() * request.choices();
    }

    private CompletionPrompt promptOf(int choice) {
        return prompts.get(choice / request.choices());
    }
}
