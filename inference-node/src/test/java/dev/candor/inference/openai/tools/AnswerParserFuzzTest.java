package dev.candor.inference.openai.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a model writes and however it is cut, the stream makes the message of the whole text, and nothing is lost. */
class AnswerParserFuzzTest {
    private static final List<String> PIECES = List.of("<tool_call>", "</tool_call>", "<think>", "</think>", "[TOOL_CALLS]", "[ARGS]", "[CALL_ID]", "<|python_tag|>",
            "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", "<｜tool▁call▁begin｜>", "<｜tool▁call▁end｜>", "<｜tool▁sep｜>", "function", "```json", "```", "```tool_code",
            "{\"name\": \"f\", \"arguments\": ", "{\"name\": \"g\", \"parameters\": {}}", "{\"name\": \"f\", \"arguments\": {\"a\": [1, true, null, -1.5e3]}}", "{\"a\": \"",
            "\"arguments\": {\"x\": 1}", "\"name\": \"f\"", "{}", "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u00e9", "\\\"", "f", "g", "a", "1", "-", "null", ";", " ", "\n", "\n\n",
            "é", "\ud83d\ude00", "<", "</", "`", "text ");

    @FuzzTest(maxDuration = "2m")
    void neverLosesOrInventsText(FuzzedDataProvider data) {
        ToolFormat format = data.pickValue(ToolFormat.values());
        int kind = data.consumeInt(0, 3);
        long seed = data.consumeLong();
        check(format, thinking(kind), tools(data.consumeInt(0, 3)), data.consumeRemainingAsString(), new Random(seed));
    }

    @ParameterizedTest
    @EnumSource(ToolFormat.class)
    void survivesTextsMadeOfMarkersAndJson(ToolFormat format) {
        Random random = new Random(20261121 + format.ordinal());
        for (int i = 0; i < 1_500; i++) {
            check(format, thinking(random.nextInt(4)), tools(random.nextInt(4)), text(random), random);
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(14); i >= 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private static Thinking thinking(int kind) {
        return switch (kind) {
            case 0 -> new Thinking.Begun(ReasoningMarkers.THINK_TAGS);
            case 1 -> Answers.thinks();
            default -> new Thinking.Over();
        };
    }

    private static ToolRequest tools(int kind) {
        return switch (kind) {
            case 0 -> ToolRequest.none();
            case 1 -> Answers.request(new ToolChoice.Auto(), false, "f", "g");
            default -> Answers.tools("f", "g");
        };
    }

    private static void check(ToolFormat format, Thinking thinking, ToolRequest tools, String text, Random random) {
        List<AnswerDelta> whole = Answers.deltas(Answers.parser(format, thinking, tools), List.of(text));
        ObjectNode message = Answers.message(whole, tools);
        for (int longest : new int[] {1, 5, 40}) {
            AnswerParser parser = Answers.parser(format, thinking, tools);
            List<AnswerDelta> cut = Answers.deltas(parser, Answers.split(text, random, longest));
            assertThat(Answers.message(cut, tools)).as("%s in pieces: <%s>", format, text).isEqualTo(message);
            assertThat(parser.calledTools()).isEqualTo(message.has("tool_calls"));
            assertStreamMakes(message, Answers.assembled(cut, tools), text);
        }
        assertNothingLost(message, thinking, format, text);
    }

    private static void assertStreamMakes(ObjectNode message, ObjectNode assembled, String text) {
        assertThat(assembled.path("content").asText("")).as(text).isEqualTo(message.path("content").asText(""));
        assertThat(assembled.path("reasoning").asText("")).as(text).isEqualTo(message.path("reasoning").asText(""));
        assertThat(assembled.path("reasoning_content")).as(text).isEqualTo(assembled.path("reasoning"));
        assertThat(assembled.path("tool_calls")).as(text).isEqualTo(message.path("tool_calls"));
    }

    private static void assertNothingLost(ObjectNode message, Thinking thinking, ToolFormat format, String text) {
        if (message.has("tool_calls") || format.deepseek()) {
            return;
        }
        String told = message.path("reasoning").asText("") + message.path("content").asText("");
        String all = thinking instanceof Thinking.Over ? text : text.replace("<think>", "").replace("</think>", "");
        assertThat(plain(thinking instanceof Thinking.Over ? told : told.replace("<think>", "").replace("</think>", ""))).as("%s: <%s>", format, text).isEqualTo(plain(all));
    }

    private static String plain(String text) {
        return text.replaceAll("\\s", "");
    }
}
