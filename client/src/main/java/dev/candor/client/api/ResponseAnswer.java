package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.client.error.AnswerFormatException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A turn of a conversation ({@code /v1/responses}).
 *
 * @param id        by which the next turn names this one
 * @param complete  false where it was cut short, by its number of tokens for example
 * @param text      what was said
 * @param toolCalls what the model wants called
 */
public record ResponseAnswer(
        String id, String model, boolean complete, String text, List<ToolCall> toolCalls, Usage usage, Optional<AnswerReceipt> proof)
        implements VerifiedAnswer {
    /** Copies the calls. */
    public ResponseAnswer {
        toolCalls = List.copyOf(toolCalls);
    }

    /** Reads a {@code response}. @throws AnswerFormatException if it is none */
    public static ResponseAnswer of(JsonNode json, Optional<AnswerReceipt> proof) {
        List<JsonNode> items = AnswerJson.list(json, "output", item -> item);
        JsonNode usage = json.path("usage");
        return new ResponseAnswer(
                AnswerJson.text(json, "id"),
                AnswerJson.text(json, "model"),
                AnswerJson.text(json, "status").equals("completed"),
                items.stream().filter(item -> isA(item, "message")).map(ResponseAnswer::said).collect(Collectors.joining()),
                items.stream().filter(item -> isA(item, "function_call")).map(ResponseAnswer::call).toList(),
                new Usage(
                        AnswerJson.count(usage, "input_tokens"),
                        AnswerJson.count(usage, "output_tokens"),
                        AnswerJson.count(usage.path("input_tokens_details"), "cached_tokens")),
                proof);
    }

    private static boolean isA(JsonNode item, String type) {
        return item.path("type").asText().equals(type);
    }

    private static String said(JsonNode message) {
        return AnswerJson.list(message, "content", part -> AnswerJson.optional(part, "text").orElse("")).stream().collect(Collectors.joining());
    }

    private static ToolCall call(JsonNode item) {
        return new ToolCall(AnswerJson.text(item, "call_id"), AnswerJson.text(item, "name"), AnswerJson.text(item, "arguments"));
    }

    /** The text as a record. @throws AnswerFormatException if it does not fit, or is not whole */
    public <T extends Record> T as(Class<T> type) {
        if (!complete) {
            throw new AnswerFormatException("the response was cut short, so it is no whole " + type.getSimpleName() + "; allow more by maxTokens", null);
        }
        return RecordSchema.read(text, type, "the response");
    }

    /** Id, the text cut to a line, and the receipt's id. */
    @Override
    public String toString() {
        return "ResponseAnswer[" + id + ": " + ShortText.of(text, toolCalls) + ", receipt " + ShortText.receipt(proof) + "]";
    }
}
