package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.client.error.AnswerFormatException;
import java.util.List;
import java.util.Optional;

/**
 * What a chat model answered.
 *
 * @param id      the node's name for the answer
 * @param model   that answered
 * @param choices one, or as many as were asked for by {@code n}
 */
public record ChatAnswer(String id, String model, List<ChatChoice> choices, Usage usage, Optional<AnswerReceipt> proof) implements VerifiedAnswer {
    /** Copies the choices. */
    public ChatAnswer {
        choices = List.copyOf(choices);
    }

    /** Reads a {@code chat.completion}. @throws AnswerFormatException if it is none */
    public static ChatAnswer of(JsonNode json, Optional<AnswerReceipt> proof) {
        List<ChatChoice> choices = AnswerJson.list(json, "choices", ChatChoice::of);
        if (choices.isEmpty()) {
            throw AnswerJson.missing("choices", "a list that is not empty", json.path("choices"));
        }
        return new ChatAnswer(AnswerJson.text(json, "id"), AnswerJson.text(json, "model"), choices, Usage.of(json.path("usage")), proof);
    }

    /** The first choice's text, which is empty where it calls tools. */
    public String text() {
        return message().text();
    }

    /** The first choice's message, to be sent back in the next turn. */
    public ChatMessage message() {
        return choices.getFirst().message();
    }

    /** What the first choice wants called. */
    public List<ToolCall> toolCalls() {
        return message().toolCalls();
    }

    /** Why the first choice ended. */
    public FinishReason finishReason() {
        return choices.getFirst().finishReason();
    }

    /** The first choice's text as a record. @throws AnswerFormatException if it does not fit, or is not whole */
    public <T extends Record> T as(Class<T> type) {
        return choices.getFirst().as(type);
    }

    /** Id, the first choice's text cut to a line, and the receipt's id. */
    @Override
    public String toString() {
        return "ChatAnswer[" + id + ": " + ShortText.of(text(), toolCalls()) + ", receipt " + ShortText.receipt(proof) + "]";
    }
}
