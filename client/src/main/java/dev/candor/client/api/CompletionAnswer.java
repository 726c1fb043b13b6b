package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** How a model went on with a text. */
public record CompletionAnswer(String id, String model, List<Choice> choices, Usage usage, Optional<AnswerReceipt> proof) implements VerifiedAnswer {
    /** One of the ways it went on. */
    public record Choice(int index, String text, FinishReason finishReason) {}

    /** Copies the choices. */
    public CompletionAnswer {
        choices = List.copyOf(choices);
    }

    /** Reads a {@code text_completion}. @throws dev.candor.client.error.AnswerFormatException if it is none */
    public static CompletionAnswer of(JsonNode json, Optional<AnswerReceipt> proof) {
        List<Choice> choices = AnswerJson.list(json, "choices", each -> new Choice(
                AnswerJson.count(each, "index"), AnswerJson.text(each, "text"), FinishReason.of(each.path("finish_reason")).orElse(FinishReason.OTHER)));
        if (choices.isEmpty()) {
            throw AnswerJson.missing("choices", "a list that is not empty", json.path("choices"));
        }
        return new CompletionAnswer(AnswerJson.text(json, "id"), AnswerJson.text(json, "model"), choices, Usage.of(json.path("usage")), proof);
    }

    /** The first choice's text. */
    public String text() {
        return choices.getFirst().text();
    }

    /** Id, the first choice's text cut to a line, and the receipt's id. */
    @Override
    public String toString() {
        return "CompletionAnswer[" + id + ": " + ShortText.cut(text()) + ", receipt " + ShortText.receipt(proof) + "]";
    }
}
