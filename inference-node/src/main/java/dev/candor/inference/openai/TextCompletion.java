package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.UsageBinding;
import java.util.List;
import java.util.Optional;

/** The parts of an answer of {@code /v1/completions}. */
public record TextCompletion(Completion common) {
    private static final String OBJECT = "text_completion";

    /**
     * A choice, or what is new in it.
     *
     * @param logprobs     as {@link CompletionLogprobs} makes them
     * @param finishReason once it is over
     */
    public record Choice(int index, String text, Optional<ObjectNode> logprobs, Optional<String> finishReason) {
        private ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("index", index).put("text", text);
            logprobs.ifPresentOrElse(node -> json.set("logprobs", node), () -> json.putNull("logprobs"));
            return json.put("finish_reason", finishReason.orElse(null));
        }
    }

    /**
     * The body of an answer that is not streamed. The seed system's SDK reads the first choice's text from the member {@code completion}.
     *
     * @param choices at least one
     */
    public ObjectNode body(List<Choice> choices, UsageBinding usage) {
        ObjectNode body = common.head(OBJECT);
        ArrayNode list = body.putArray("choices");
        choices.forEach(choice -> list.add(choice.json()));
        body.set("usage", Completion.usage(usage, 0));
        return body.put("completion", choices.getFirst().text());
    }

    /** One chunk of a stream. */
    public ObjectNode chunk(Choice choice, boolean includeUsage) {
        ObjectNode chunk = common.head(OBJECT);
        chunk.putArray("choices").add(choice.json());
        if (includeUsage) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    /** The chunk without choices that {@code stream_options.include_usage} asks for. */
    public ObjectNode usageChunk(UsageBinding usage) {
        ObjectNode chunk = common.head(OBJECT);
        chunk.putArray("choices");
        chunk.set("usage", Completion.usage(usage, 0));
        return chunk;
    }
}
