package dev.candor.inference.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.tools.AnswerDelta;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseOutputTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final List<ObjectNode> events = new ArrayList<>();
    private final ResponseOutput output = new ResponseOutput(
            new ItemIds("resp_1"), new ResponseEvents((type, event) -> events.add(event.deepCopy())));

    private List<String> types() {
        return events.stream().map(event -> event.path("type").textValue().replace("response.", "")).toList();
    }

    private static ObjectNode score(String token) {
        return MAPPER.createObjectNode().put("token", token).put("logprob", -0.5);
    }

    @Test
    void tellsAMessageInTheOrderOfTheApi() {
        output.add(List.of(new AnswerDelta.Content("he")), List.of());
        output.add(List.of(new AnswerDelta.Content("llo")), List.of());
        ArrayNode items = output.end(true);

        assertThat(types()).containsExactly("output_item.added", "content_part.added", "output_text.delta", "output_text.delta",
                "output_text.done", "content_part.done", "output_item.done");
        assertThat(events).extracting(event -> event.path("sequence_number").intValue()).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(events.get(0).at("/item/status").textValue()).isEqualTo("in_progress");
        assertThat(events.get(0).at("/item/content")).isEmpty();
        assertThat(events.get(1).at("/part/text").textValue()).isEmpty();
        assertThat(events.get(2).path("delta").textValue()).isEqualTo("he");
        assertThat(events.get(2).get("logprobs").isArray()).isTrue();
        assertThat(events.get(4).path("text").textValue()).isEqualTo("hello");
        assertThat(items).hasSize(1);
        assertThat(items.get(0)).isEqualTo(events.get(6).get("item"));
        assertThat(items.at("/0/content/0")).isEqualTo(events.get(5).get("part"));
        assertThat(items.at("/0/content/0/annotations").isArray()).isTrue();
        assertThat(items.at("/0/status").textValue()).isEqualTo("completed");
        assertThat(items.at("/0/id").textValue()).startsWith("msg_").isEqualTo(events.get(2).path("item_id").textValue());
        assertThat(events.subList(1, 6)).allSatisfy(event -> assertThat(event.path("output_index").intValue()).isZero());
    }

    @Test
    void makesAnItemOfEachKindInTurnAndSaysWhichWasCutOff() {
        output.add(List.of(new AnswerDelta.Reasoning("hm")), List.of());
        output.add(List.of(new AnswerDelta.Content("so"), new AnswerDelta.CallStart(0, "call_a", "f")), List.of());
        output.add(List.of(new AnswerDelta.CallArguments(0, "{\"x\""), new AnswerDelta.CallArguments(0, ":1}"),
                new AnswerDelta.CallStart(1, "call_b", "g"), new AnswerDelta.CallArguments(1, "{")), List.of());
        ArrayNode items = output.end(false);

        assertThat(types()).containsExactly(
                "output_item.added", "content_part.added", "reasoning_text.delta", "reasoning_text.done", "content_part.done", "output_item.done",
                "output_item.added", "content_part.added", "output_text.delta", "output_text.done", "content_part.done", "output_item.done",
                "output_item.added", "function_call_arguments.delta", "function_call_arguments.delta", "function_call_arguments.done", "output_item.done",
                "output_item.added", "function_call_arguments.delta", "function_call_arguments.done", "output_item.done");
        assertThat(items).extracting(item -> item.path("type").textValue()).containsExactly("reasoning", "message", "function_call", "function_call");
        assertThat(items).extracting(item -> item.path("status").textValue()).containsExactly("completed", "completed", "completed", "incomplete");
        assertThat(items.at("/0/content/0/type").textValue()).isEqualTo("reasoning_text");
        assertThat(items.at("/0/summary").isArray()).isTrue();
        assertThat(items.at("/2/call_id").textValue()).isEqualTo("call_a");
        assertThat(items.at("/2/arguments").textValue()).isEqualTo("{\"x\":1}");
        assertThat(items.at("/3/arguments").textValue()).isEqualTo("{");
        assertThat(output.called()).isTrue();
        assertThat(items).extracting(item -> item.path("id").textValue()).doesNotHaveDuplicates();
    }

    @Test
    void givesTheScoresOfAMessageWithItsNextPieceAndThoseOfOtherTokensToNobody() {
        output.add(List.of(new AnswerDelta.Reasoning("hm")), List.of(score("hm")));
        output.add(List.of(), List.of(score("a")));
        output.add(List.of(new AnswerDelta.Content("ab")), List.of(score("b")));
        output.add(List.of(new AnswerDelta.CallStart(0, "call_a", "f")), List.of(score("f")));
        ArrayNode items = output.end(true);

        JsonNode logprobs = items.at("/1/content/0/logprobs");
        assertThat(logprobs).extracting(each -> each.path("token").textValue()).containsExactly("a", "b");
        JsonNode delta = events.stream().filter(event -> event.path("type").asText().equals("response.output_text.delta")).findFirst().orElseThrow();
        assertThat(delta.get("logprobs")).isEqualTo(logprobs);
    }

    @Test
    void isAnEmptyMessageIfTheModelSaidNothing() {
        ArrayNode items = output.end(true);

        assertThat(items).hasSize(1);
        assertThat(items.at("/0/content/0/text").textValue()).isEmpty();
        assertThat(types()).containsExactly(
                "output_item.added", "content_part.added", "output_text.done", "content_part.done", "output_item.done");
    }
}
