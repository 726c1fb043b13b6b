package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.CanonicalJson;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * The choices of an answer in one form, streamed or not: an array, sorted by index, of
 * {@code {"index", "finish_reason", "message": {members that are not null}}} for chats, of {@code {"index", "finish_reason", "text"}} for
 * completions.
 *
 * @param json that array
 */
public record CanonicalChoices(ArrayNode json) {
    /** How long one event of a stream may be. */
    public static final int MAX_EVENT_BYTES = 1024 * 1024;

    static final int MAX_CHOICES = 128;

    /**
     * The choices of an unstreamed answer.
     *
     * @param operation {@link Operation#CHAT} or {@link Operation#COMPLETION}
     * @throws ReceiptVerificationException if {@code body} has no array {@code choices} of objects with an index of their own
     */
    static CanonicalChoices ofBody(Operation operation, JsonNode body) throws ReceiptVerificationException {
        if (!(body.get("choices") instanceof ArrayNode choices)) {
            throw new ReceiptVerificationException("the answer has no choices");
        }
        List<JsonNode> sorted = StreamSupport.stream(choices.spliterator(), false)
                .sorted(Comparator.comparingInt(choice -> choice.path("index").asInt()))
                .toList();
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        int previous = -1;
        for (JsonNode choice : sorted) {
            int index = index(choice);
            if (index == previous) {
                throw new ReceiptVerificationException("the answer has two choices with the index " + index);
            }
            previous = index;
            JsonNode finish = choice.path("finish_reason");
            JsonNode reason = finish.isTextual() ? finish : NullNode.getInstance();
            out.add(operation == Operation.CHAT ? choice(index, reason, choice.path("message")) : choice(index, reason, text(choice)));
        }
        return new CanonicalChoices(out);
    }

    /**
     * The choices of a streamed answer, assembled from its chunks.
     *
     * @param operation {@link Operation#CHAT} or {@link Operation#COMPLETION}
     * @param stream    the stream's bytes before the receipt
     * @throws ReceiptVerificationException if the stream is not made of completion chunks, or carries an error
     */
    static CanonicalChoices ofStream(Operation operation, byte[] stream) throws ReceiptVerificationException {
        ChoicesAssembler assembler = new ChoicesAssembler(operation);
        try {
            for (SseEvent event : new SseParser(MAX_EVENT_BYTES).feed(stream)) {
                if (event.type().equals("message")) {
                    assembler.chunk(StrictJson.parseObject(event.data().getBytes(StandardCharsets.UTF_8)));
                }
            }
        } catch (SseException | InvalidJsonException e) {
            throw new ReceiptVerificationException("the stream is not made of completion chunks: " + e.getMessage(), e);
        }
        return new CanonicalChoices(assembler.choices());
    }

    /** The SHA-256 of the canonical JSON of the choices. */
    public Digest digest() throws ReceiptVerificationException {
        try {
            return CanonicalJson.digest(json);
        } catch (InvalidJsonException e) {
            throw new ReceiptVerificationException("the choices have no canonical form: " + e.getMessage(), e);
        }
    }

    /** The finish reasons in order; {@code none} stands for a choice that was not finished. */
    public List<String> finishReasons() {
        return StreamSupport.stream(json.spliterator(), false)
                .map(choice -> choice.path("finish_reason").isTextual() ? choice.get("finish_reason").textValue() : "none")
                .toList();
    }

    static int index(JsonNode holder) throws ReceiptVerificationException {
        JsonNode index = holder.path("index");
        if (index.isInt() && index.intValue() >= 0 && index.intValue() < MAX_CHOICES) {
            return index.intValue();
        }
        throw new ReceiptVerificationException("an index from 0 to " + (MAX_CHOICES - 1) + " is missing: " + index);
    }

    private static String text(JsonNode choice) throws ReceiptVerificationException {
        if (choice.path("text").isTextual()) {
            return choice.get("text").textValue();
        }
        throw new ReceiptVerificationException("a choice of the answer has no text");
    }

    /** The choice of a completion. */
    static ObjectNode choice(int index, JsonNode finishReason, String text) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("index", index);
        out.set("finish_reason", finishReason);
        return out.put("text", text);
    }

    /** The choice of a chat. */
    static ObjectNode choice(int index, JsonNode finishReason, JsonNode message) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("index", index);
        out.set("finish_reason", finishReason);
        ObjectNode members = out.putObject("message");
        for (Map.Entry<String, JsonNode> member : message.properties()) {
            if (!member.getValue().isNull()) {
                members.set(member.getKey(), member.getValue());
            }
        }
        return out;
    }
}
