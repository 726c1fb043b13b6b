package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.tools.AnswerDelta;
import java.util.ArrayList;
import java.util.List;

/**
 * A response that has ended, of which the events are told once more: the same ones, but each text in one piece.
 *
 * @param response without its receipt
 */
public record RetoldResponse(ObjectNode response) {
    /** Tells all events. */
    public void tell(ResponseEvents events) {
        ObjectNode running = response.deepCopy();
        running.put("status", "in_progress").putNull("completed_at").putNull("incomplete_details").putNull("usage").putArray("output");
        events.response("response.created", running);
        events.response("response.in_progress", running);
        ResponseOutput output = new ResponseOutput(new ItemIds(response.path("id").asText()), events);
        int calls = 0;
        for (JsonNode item : response.path("output")) {
            switch (item.path("type").asText()) {
                case "reasoning" -> output.add(List.of(new AnswerDelta.Reasoning(item.at("/content/0/text").asText())), List.of());
                case "function_call" -> {
                    output.add(call(calls, item), List.of());
                    calls++;
                }
                default -> {
                    List<JsonNode> scores = new ArrayList<>();
                    item.at("/content/0/logprobs").forEach(scores::add);
                    output.add(List.of(new AnswerDelta.Content(item.at("/content/0/text").asText())), scores);
                }
            }
        }
        String status = response.path("status").asText();
        output.end(status.equals("completed"));
        events.response("response." + status, response);
    }

    private static List<AnswerDelta> call(int index, JsonNode item) {
        return List.of(
                new AnswerDelta.CallStart(index, item.path("call_id").asText(), item.path("name").asText()),
                new AnswerDelta.CallArguments(index, item.path("arguments").asText()));
    }
}
