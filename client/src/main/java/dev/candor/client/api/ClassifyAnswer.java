package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * Texts and their classes.
 *
 * @param labels one for each text, in their order
 */
public record ClassifyAnswer(String model, List<Labelled> labels, Usage usage, Optional<AnswerReceipt> proof) implements VerifiedAnswer {
    /**
     * What was found of one text.
     *
     * @param label    the likeliest class; empty where the model labels the tokens and not the text
     * @param shares   how likely each class is, in the model's order; empty as well
     * @param entities the labelled pieces of the text, as the node gave them, where the model labels tokens
     */
    public record Labelled(int index, String label, List<Double> shares, List<JsonNode> entities) {}

    /** Copies the labels. */
    public ClassifyAnswer {
        labels = List.copyOf(labels);
    }

    /** Reads classes of texts. @throws dev.candor.client.error.AnswerFormatException if they are none */
    public static ClassifyAnswer of(JsonNode json, Optional<AnswerReceipt> proof) {
        List<Labelled> labels = AnswerJson.list(json, "data", each -> new Labelled(
                AnswerJson.count(each, "index"),
                AnswerJson.optional(each, "label").orElse(""),
                AnswerJson.list(each, "probs", JsonNode::doubleValue),
                AnswerJson.list(each, "entities", entity -> entity)));
        return new ClassifyAnswer(AnswerJson.text(json, "model"), labels, Usage.of(json.path("usage")), proof);
    }

    /** The model, how many labels there are, and the receipt's id. */
    @Override
    public String toString() {
        return "ClassifyAnswer[" + model + ", labels: " + labels.size() + ", receipt " + ShortText.receipt(proof) + "]";
    }
}
