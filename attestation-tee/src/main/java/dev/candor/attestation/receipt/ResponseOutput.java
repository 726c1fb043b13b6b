package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The output of {@code /v1/responses}: the items of the response, and why they end. */
final class ResponseOutput {
    /** How long one event may be: the last one repeats the request's tools and instructions. */
    static final int MAX_EVENT_BYTES = 16 * 1024 * 1024;

    private static final String LENGTH = "max_output_tokens";
    private static final Set<String> FAILURES = Set.of("error", "response.failed");
    private static final Set<String> ENDS = Set.of("response.completed", "response.incomplete");

    /** The text that the deltas of each kind shall have made, by where it stands in the output. */
    private final Map<String, StringBuilder> deltas = new HashMap<>();
    private JsonNode last;

    private ResponseOutput() {}

    /**
     * The output of an unstreamed answer.
     *
     * @throws ReceiptVerificationException if it is no response that has ended
     */
    static CanonicalOutput ofBody(JsonNode response) throws ReceiptVerificationException {
        if (response.get("output") instanceof ArrayNode output) {
            return new CanonicalOutput(output, List.of(finishReason(response, output)));
        }
        throw new ReceiptVerificationException("the answer has no array output");
    }

    /**
     * The output of a streamed answer, which its last event holds whole. What the events before it gave piece by piece must be the same.
     *
     * @param stream the stream's bytes before the receipt
     * @throws ReceiptVerificationException if the stream is not one of response events with one end, or carries an error
     */
    static CanonicalOutput ofStream(byte[] stream) throws ReceiptVerificationException {
        ResponseOutput reader = new ResponseOutput();
        try {
            for (SseEvent event : new SseParser(MAX_EVENT_BYTES).feed(stream)) {
                reader.event(StrictJson.parseObject(event.data().getBytes(StandardCharsets.UTF_8)));
            }
        } catch (SseException | InvalidJsonException e) {
            throw new ReceiptVerificationException("the stream is not made of response events: " + e.getMessage(), e);
        }
        if (reader.last == null) {
            throw new ReceiptVerificationException("the stream has no event " + String.join(" or ", ENDS.stream().sorted().toList()));
        }
        CanonicalOutput output = ofBody(reader.last);
        reader.requireSameDeltas(output.json());
        return output;
    }

    private void event(JsonNode event) throws ReceiptVerificationException {
        String type = event.path("type").asText();
        if (FAILURES.contains(type) || event.has("error")) {
            String message = Stream.of(event.at("/response/error/message"), event.at("/error/message"), event.path("message"))
                    .filter(JsonNode::isTextual).map(JsonNode::textValue).findFirst().orElse(type);
            throw new ReceiptVerificationException("the stream carries an error instead of an answer: " + message);
        }
        if (last != null) {
            throw new ReceiptVerificationException("the stream goes on after the end of its response, with " + type);
        }
        if (ENDS.contains(type)) {
            last = event.path("response");
        } else if (event.path("delta").isTextual()) {
            String place = place(type, event);
            if (place != null) {
                deltas.computeIfAbsent(place, p -> new StringBuilder()).append(event.get("delta").textValue());
            }
        }
    }

    private static String place(String type, JsonNode event) {
        String item = "/" + event.path("output_index").asText();
        String content = item + "/content/" + event.path("content_index").asText();
        return switch (type) {
            case "response.output_text.delta", "response.reasoning_text.delta" -> content + "/text";
            case "response.refusal.delta" -> content + "/refusal";
            case "response.reasoning_summary_text.delta" -> item + "/summary/" + event.path("summary_index").asText() + "/text";
            case "response.function_call_arguments.delta" -> item + "/arguments";
            default -> null;
        };
    }

    private void requireSameDeltas(ArrayNode output) throws ReceiptVerificationException {
        for (Map.Entry<String, StringBuilder> made : deltas.entrySet()) {
            JsonNode whole = output.at(made.getKey());
            if (!whole.isTextual() || !whole.textValue().contentEquals(made.getValue())) {
                throw new ReceiptVerificationException("the stream's deltas are not its output at " + made.getKey());
            }
        }
    }

    private static String finishReason(JsonNode response, ArrayNode output) throws ReceiptVerificationException {
        String status = response.path("status").asText();
        String why = response.path("incomplete_details").path("reason").asText();
        if (status.equals("completed")) {
            boolean called = StreamSupport.stream(output.spliterator(), false).anyMatch(item -> item.path("type").asText().equals("function_call"));
            return called ? "tool_calls" : "stop";
        }
        if (status.equals("incomplete") && !why.isEmpty()) {
            return why.equals(LENGTH) ? "length" : why;
        }
        throw new ReceiptVerificationException("the response has not ended: its status is '" + status + "'");
    }
}
