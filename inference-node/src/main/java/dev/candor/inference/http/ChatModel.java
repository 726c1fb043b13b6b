package dev.candor.inference.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatRequest;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.PromptRenderer;
import dev.candor.inference.text.ChatTemplate;
import dev.candor.inference.text.TemplateException;
import dev.candor.inference.text.Tokenizer;
import java.time.Instant;
import java.util.Map;

/**
 * A loaded chat model and what requests for it need. It owns tokenizer and engine. Thread-safe.
 *
 * @param created    when the model version was made
 * @param variables  what the chat template may name beside the messages, for example {@code bos_token}
 * @param ownContext tokens of the longest sequence the model itself allows; the engine may have room for fewer
 * @param released   called when the model is closed and its memory is free again
 */
public record ChatModel(
        ModelBinding binding,
        Instant created,
        Map<String, String> variables,
        ChatTemplate template,
        Tokenizer tokenizer,
        InferenceEngine engine,
        int ownContext,
        Runnable released)
        implements LoadedModel {
    private static final int DEFAULT_MAX_TOKENS = 512;
    private static final int MAX_CHARACTERS_PER_TOKEN = 64;

    /**
     * A prompt as the engine takes it.
     *
     * @param maxTokens tokens to generate at most, clipped to what the context leaves
     */
    public record Prompt(int[] tokens, int maxTokens) {}

    /** A model whose memory nobody counts, and whose engine has room for all of its context. */
    public ChatModel(
            ModelBinding binding, Instant created, Map<String, String> variables, ChatTemplate template, Tokenizer tokenizer, InferenceEngine engine) {
        this(binding, created, variables, template, tokenizer, engine, engine.info().contextLength(), () -> {});
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

    /** What makes prompts of requests. */
    PromptRenderer prompts() {
        return new PromptRenderer(template, variables, tokenizer);
    }

    /** Longest prompt and answer together, in tokens. */
    public int contextLength() {
        return engine.info().contextLength();
    }

    /**
     * Makes a request's prompt.
     *
     * @param time what the template may ask for the date
     * @throws ApiException if the template refuses the messages, or the prompt leaves no room for an answer
     */
    public Prompt prompt(ChatRequest request, Instant time) throws ApiException {
        requirePlausible(request);
        int[] tokens = tokens(request, time);
        int room = contextLength() - tokens.length;
        if (room < 1) {
            throw tooLong(Integer.toString(tokens.length));
        }
        if (tokens.length == 0) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "'messages' give an empty prompt.", "messages");
        }
        return new Prompt(tokens, Math.min(room, request.maxTokens().orElse(DEFAULT_MAX_TOKENS)));
    }

    /** Spares templates and tokenizers what can only be too long. */
    private void requirePlausible(ChatRequest request) throws ApiException {
        long characters = 0;
        for (JsonNode message : request.conversation()) {
            characters += message.path("content").textValue().length();
        }
        if (characters > (long) contextLength() * MAX_CHARACTERS_PER_TOKEN) {
            throw tooLong("more than that in " + characters + " characters");
        }
    }

    private ApiException tooLong(String tokens) {
        String cut = contextLength() < ownContext ? " on this node, which gives it no more of its own " + ownContext : "";
        return new ApiException(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "This model's maximum context length is " + contextLength()
                + " tokens" + cut + ", and the messages take " + tokens + ": shorten them.", "messages");
    }

    private int[] tokens(ChatRequest request, Instant time) throws ApiException {
        try {
            return prompts().at(time).tokens(request);
        } catch (TemplateException e) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "The model's chat template refuses the messages: " + e.getMessage(), "messages");
        }
    }
}
