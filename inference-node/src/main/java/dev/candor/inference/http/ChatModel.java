package dev.candor.inference.http;

import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatPlan;
import dev.candor.inference.openai.ChatRequest;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.PromptRenderer;
import dev.candor.inference.openai.RenderedPrompt;
import dev.candor.inference.openai.TokenizeRequest;
import dev.candor.inference.structured.ConstraintCompiler;
import dev.candor.inference.text.TemplateException;
import dev.candor.inference.text.Tokenizer;
import java.time.Instant;

/**
 * A loaded chat model and what requests for it need. It owns tokenizer and engine. Thread-safe.
 *
 * @param created     when the model version was made
 * @param constraints compiles what answers must obey, for the model's vocabulary
 * @param ownContext  tokens of the longest sequence the model itself allows; the engine may have room for fewer
 * @param released    called when the model is closed and its memory is free again
 */
public record ChatModel(
        ModelBinding binding,
        Instant created,
        PromptRenderer prompts,
        Tokenizer tokenizer,
        ConstraintCompiler constraints,
        InferenceEngine engine,
        int ownContext,
        Runnable released)
        implements LoadedModel {
    private static final int DEFAULT_MAX_TOKENS = 512;
    private static final int MAX_CHARACTERS_PER_TOKEN = 64;

    /** A model whose memory nobody counts, and whose engine has room for all of its context. */
    public ChatModel(
            ModelBinding binding, Instant created, PromptRenderer prompts, Tokenizer tokenizer, ConstraintCompiler constraints, InferenceEngine engine) {
        this(binding, created, prompts, tokenizer, constraints, engine, engine.info().contextLength(), () -> {});
    }

    @Override
    public String task() {
        return "chat";
    }

    @Override
    public String route() {
        return HttpApi.CHAT;
    }

    @Override
    public void close() {
        try {
            engine.close();
            tokenizer.close();
        } finally {
            released.run();
        }
    }

    @Override
    public boolean replayable() {
        return engine.replayable();
    }

    /** Longest prompt and answer together, in tokens. */
    public int contextLength() {
        return engine.info().contextLength();
    }

    /**
     * Makes a request ready. Takes processor time for prompt and constraint.
     *
     * @param time what the template may ask for the date
     * @throws ApiException if the template refuses the messages, the prompt leaves no room for an answer, or the answer's form cannot be kept to
     */
    ChatPlan plan(ChatRequest request, Instant time) throws ApiException {
        requirePlausible(request.prompt().characters(), "messages");
        ChatPlan plan = planned(request, time);
        requireRoom(plan.prompt());
        if (plan.constraint().isPresent()) {
            ChatPlan.requireRoom(plan.constraint().get(), maxTokens(plan));
        }
        return plan;
    }

    /**
     * Turns what a client asks about into tokens, as many as they are.
     *
     * @param time what the template may ask for the date
     * @throws ApiException if the template refuses the messages, or the text is far beyond the model's context
     */
    int[] tokens(TokenizeRequest request, Instant time) throws ApiException {
        String text = switch (request.source()) {
            case TokenizeRequest.Text plain -> plain.prompt();
            case TokenizeRequest.Chat chat -> rendered(chat, time);
        };
        requirePlausible(text.length(), request.param());
        return request.specialTokens() ? tokenizer.encodeBare(text) : tokenizer.encode(text);
    }

    private String rendered(TokenizeRequest.Chat chat, Instant time) throws ApiException {
        requirePlausible(chat.prompt().characters(), "messages");
        try {
            return prompts.at(time).text(chat.prompt(), chat.generationPrompt());
        } catch (TemplateException e) {
            throw refused(e);
        }
    }

    private static ApiException refused(TemplateException e) {
        return new ApiException(ErrorCode.INVALID_VALUE, "The model's chat template refuses the messages: " + e.getMessage(), "messages");
    }

    private ChatPlan planned(ChatRequest request, Instant time) throws ApiException {
        try {
            return ChatPlan.of(request, prompts.at(time), constraints);
        } catch (TemplateException e) {
            throw refused(e);
        }
    }

    /** Tokens to generate at most, clipped to what the context leaves. */
    int maxTokens(ChatPlan plan) {
        return Math.min(contextLength() - plan.prompt().tokens().length, plan.request().maxTokens().orElse(DEFAULT_MAX_TOKENS));
    }

    /** Spares templates and tokenizers what can only be too long. */
    private void requirePlausible(long characters, String param) throws ApiException {
        if (characters > (long) contextLength() * MAX_CHARACTERS_PER_TOKEN) {
            throw tooLong("more than that in " + characters + " characters", param);
        }
    }

    private void requireRoom(RenderedPrompt prompt) throws ApiException {
        if (prompt.tokens().length >= contextLength()) {
            throw tooLong(Integer.toString(prompt.tokens().length), "messages");
        }
        if (prompt.tokens().length == 0) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "'messages' give an empty prompt.", "messages");
        }
    }

    private ApiException tooLong(String tokens, String param) {
        return pastContext("'" + param + "' take " + tokens + ": shorten them.", param);
    }

    /** What to answer to what does not fit. @param what takes how much, and what to do */
    ApiException pastContext(String what, String param) {
        String cut = contextLength() < ownContext
                ? " here (" + ownContext + " by itself; the node's operator may allow more by --context or --kv-memory)"
                : "";
        return new ApiException(ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                "This model's maximum context length is " + contextLength() + " tokens" + cut + ", but " + what, param);
    }
}
