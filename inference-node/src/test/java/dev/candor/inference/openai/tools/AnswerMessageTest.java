package dev.candor.inference.openai.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerMessageTest {
    private static final String CALL = "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>";

    private static ObjectNode json(String text, ToolRequest tools) {
        return AnswerMessage.of(text, Answers.parser(ToolFormat.HERMES, Answers.thinks(), tools), tools).json();
    }

    @Test
    void hasContentAndNoOtherMembersForPlainText() {
        assertThat(json("Hi", ToolRequest.none())).hasToString("{\"role\":\"assistant\",\"content\":\"Hi\",\"refusal\":null}");
        assertThat(json("", ToolRequest.none()).path("content").asText()).isEmpty();
    }

    @Test
    void hasThoughtsUnderBothNames() {
        assertThat(json("<think>Hm</think>Hi", ToolRequest.none()))
                .hasToString("{\"role\":\"assistant\",\"content\":\"Hi\",\"refusal\":null,\"reasoning\":\"Hm\",\"reasoning_content\":\"Hm\"}");
    }

    @Test
    void hasCallsBesideNullContent() {
        String id = Answers.IDS.id(0, ToolFormat.HERMES);
        assertThat(json(CALL, Answers.tools("f"))).hasToString("{\"role\":\"assistant\",\"content\":null,\"refusal\":null,\"tool_calls\":[{\"id\":\"" + id
                + "\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\": 1}\"}}]}");
    }

    @Test
    void answersARequestWithFunctionsAsThatWasDone() {
        ToolRequest tools = new ToolRequest(Answers.tools("f").tools(), new ToolChoice.Auto(), true, true);
        List<AnswerDelta> deltas = Answers.deltas(Answers.parser(ToolFormat.HERMES, Answers.thinks(), tools), List.of(CALL, "\n", CALL));

        ObjectNode message = Answers.message(deltas, tools);

        assertThat(message).hasToString("{\"role\":\"assistant\",\"content\":null,\"refusal\":null,\"function_call\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\": 1}\"}}");
        assertThat(Answers.assembled(deltas, tools).path("function_call")).isEqualTo(message.path("function_call"));
    }

    @Test
    void namesCallsAsTheReasonOfAnEndThatTheModelChose() {
        ToolRequest tools = Answers.tools("f");
        AnswerMessage called = AnswerMessage.of(CALL, Answers.parser(ToolFormat.HERMES, Answers.thinks(), tools), tools);

        assertThat(called.finishReason("stop")).isEqualTo("tool_calls");
        assertThat(called.finishReason("length")).isEqualTo("length");
        assertThat(new AnswerMessage(tools).finishReason("stop")).isEqualTo("stop");
    }
}
