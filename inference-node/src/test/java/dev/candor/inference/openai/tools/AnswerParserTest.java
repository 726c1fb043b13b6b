package dev.candor.inference.openai.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AnswerParserTest {
    private static final Thinking OVER = new Thinking.Over();

    /** {@code ^} stands for a line break. */
    private static String text(String written) {
        return written.replace('^', '\n');
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', ignoreLeadingAndTrailingWhitespace = true, quoteCharacter = '"', value = {
        "HERMES ¦ Hello, world. ¦ Hello, world.",
        "HERMES ¦ <tool_call>^{'name': 'f', 'arguments': {'a': [1, '}']}}^</tool_call> ¦ #0 f{'a': [1, '}']}",
        "HERMES ¦ <tool_call>{'arguments':{'a':1},'name':'f'}</tool_call> ¦ #0 f{'a':1}",
        "HERMES ¦ Let me see.^<tool_call>^{'name': 'f', 'arguments': {}}^</tool_call>^<tool_call>^{'name': 'g', 'arguments': {}}^</tool_call> ¦ Let me see. #0 f{} #1 g{}",
        "HERMES ¦ <tool_call>^{'name': 'f', 'arguments': {}}^</tool_call>^That is all. ¦ #0 f{}That is all.",
        "HERMES ¦ <tool_call>^{'name': 'f', 'arguments': '{\\'a\\': 1}'}^</tool_call> ¦ #0 f{'a': 1}",
        "HERMES ¦ <tool_call>^{'name': 'f'}^</tool_call> ¦ #0 f{}",
        "HERMES ¦ <tool_call>^{'name': 'f', 'arguments': null}^</tool_call> ¦ #0 f{}",
        "HERMES ¦ <tool_call>^{'name': 'f', 'id': 3, 'arguments': {}, 'x': [{}]}^</tool_call> ¦ #0 f{}",
        "HERMES ¦ <tool_call>^{'name': 'f', 'arguments': {}}} ¦ #0 f{}",
        "HERMES ¦ <tool_call>^{'name': 'f', 'arguments': {'a': 1}^</tool_call> ¦ #0 f{'a': 1}",
        "HERMES ¦ <tool_call>^{'name': 'f', 'arguments': {}}^</tool_call><tool_call>{'name': 'f', 'arguments': {}}</tool_call> ¦ #0 f{} #1 f{}",
        "LLAMA ¦ {'name': 'f', 'parameters': {'a': 'b'}} ¦ #0 f{'a': 'b'}",
        "LLAMA ¦ ^ {'name': 'f', 'arguments': {}} ¦ #0 f{}",
        "LLAMA ¦ <|python_tag|>{'name': 'f', 'parameters': {}} ¦ #0 f{}",
        "LLAMA ¦ {'name': 'f', 'parameters': {}}; {'name': 'g', 'parameters': {}} ¦ #0 f{} #1 g{}",
        "LLAMA ¦ {'type': 'function', 'name': 'f', 'parameters': {}} ¦ #0 f{}",
        "MISTRAL_LIST ¦ [TOOL_CALLS] [{'name': 'f', 'arguments': {'a': 1}}, {'name': 'g', 'arguments': {}, 'id': '123456789'}] ¦ #0 f{'a': 1} #1 g{}",
        "MISTRAL_LIST ¦ [TOOL_CALLS]{'name': 'f', 'arguments': {}} ¦ #0 f{}",
        "MISTRAL_NAMED ¦ [TOOL_CALLS]f[ARGS]{'a': 1}[TOOL_CALLS]g[CALL_ID]123456789[ARGS]{} ¦ #0 f{'a': 1} #1 g{}",
        "MISTRAL_NAMED ¦ On it.[TOOL_CALLS]f{'a': 1} ¦ On it. #0 f{'a': 1}",
        "GEMMA ¦ ```json^{'name': 'f', 'parameters': {'a': 1}}^``` ¦ #0 f{'a': 1}",
        "GEMMA ¦ ```tool_code^[{'name': 'f', 'parameters': {}}, {'name': 'g', 'parameters': {}}]^``` ¦ #0 f{} #1 g{}",
        "GEMMA ¦ {'name': 'f', 'parameters': {}} ¦ #0 f{}",
        "GEMMA ¦ [{'name': 'f', 'parameters': {}}] ¦ #0 f{}",
        "DEEPSEEK ¦ <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f^```json^{'a': 1}^```<｜tool▁call▁end｜>^"
                + "<｜tool▁call▁begin｜>function<｜tool▁sep｜>g^```json^{}^```<｜tool▁call▁end｜><｜tool▁calls▁end｜> ¦ #0 f{'a': 1} #1 g{}",
        "DEEPSEEK_NAMED ¦ <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{'a': 1}<｜tool▁call▁end｜><｜tool▁calls▁end｜> ¦ #0 f{'a': 1}",
    })
    void readsCallsHoweverTheTextIsCut(ToolFormat format, String written, String expected) {
        assertSeen(format, OVER, Answers.tools("f", "g"), written, expected);
    }

    private static void assertSeen(ToolFormat format, Thinking thinking, ToolRequest tools, String written, String expected) {
        String text = text(written).replace('\'', '"');
        String wanted = text(expected).replace('\'', '"').strip();
        for (int longest : new int[] {1, 2, 7, 1000}) {
            List<String> pieces = Answers.split(text, new Random(longest), longest);
            assertThat(Answers.seen(Answers.deltas(Answers.parser(format, thinking, tools), pieces)).strip()).as("%s", pieces).isEqualTo(wanted);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '"', value = {
        "HERMES ¦ <tool_call> is how a call begins",
        "HERMES ¦ <tool_call>^{'name': 'nobody', 'arguments': {}}^</tool_call>",
        "HERMES ¦ Look: <tool_call>^{'name': 'f', 'arguments': [1]}^</tool_call>.",
        "HERMES ¦ <tool_call>^{'name': 'f' 'arguments': {}}^</tool_call>",
        "HERMES ¦ <tool_call>^{'nam",
        "HERMES ¦ <tool_call>^{'name': 5}^</tool_call>",
        "HERMES ¦ <tool_call>^{'name': 'f', 'arguments': 'no object'}^</tool_call>",
        "HERMES ¦ <tool_call>^[]^</tool_call>",
        "HERMES ¦ {'name': 'f', 'arguments': {}}",
        "HERMES ¦ a < b, and <tool is not <tool_call",
        "LLAMA ¦ {'temperature': 5, 'parameters': {}}",
        "LLAMA ¦ {'name': 'Paris', 'parameters': {}}",
        "LLAMA ¦ The answer: {'name': 'f', 'parameters': {}}",
        "LLAMA ¦ <|python_tag|>print(1)",
        "LLAMA ¦ {",
        "MISTRAL_LIST ¦ [TOOL_CALLS] [1, 2]",
        "MISTRAL_LIST ¦ [TOOL_CALLS",
        "MISTRAL_NAMED ¦ [TOOL_CALLS]nobody[ARGS]{}",
        "GEMMA ¦ ```json^{'a': 1}^```",
        "GEMMA ¦ [1, 2, 3]",
        "GEMMA ¦ ``` is a fence, ```jso too",
        "DEEPSEEK ¦ <｜tool▁call▁begin｜>function<｜tool▁sep｜>nobody^```json^{}^```<｜tool▁call▁end｜>",
    })
    void whatIsNoCallStaysContentToTheLastCharacter(ToolFormat format, String written) {
        assertSeen(format, OVER, Answers.tools("f", "g"), written, written);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '"', value = {
        "HERMES ¦ <tool_call>^{'name': 'f', 'arguments': {'a': oops}}^</tool_call>^So. ¦ #0 f{'a': oops}}^So.",
        "HERMES ¦ <tool_call>^{'name': 'f', 'arguments': {'a': 'cut ¦ #0 f{'a': 'cut",
        "HERMES ¦ <tool_call>^{'name': 'f', 'arguments': {'a': tr</tool ¦ #0 f{'a': tr</tool",
        "LLAMA ¦ {'name': 'f', 'parameters': {'a': 1,}} and more ¦ #0 f{'a': 1,}} and more",
        "MISTRAL_NAMED ¦ [TOOL_CALLS]f[ARGS]{a: 1} ¦ #0 f{a: 1}",
    })
    void argumentsThatAreNoJsonReachTheClientAsTheyAre(ToolFormat format, String written, String expected) {
        assertSeen(format, OVER, Answers.tools("f", "g"), written, expected);
    }

    @Test
    void aMalformedCallInAListLeavesTheOthers() {
        assertSeen(ToolFormat.MISTRAL_LIST, OVER, Answers.tools("f"), "[TOOL_CALLS] [{'name': 'f', 'arguments': {}}, {'name': 'x'}]", "#0 f{} {'name': 'x'}]");
        assertSeen(ToolFormat.HERMES, OVER, Answers.tools("f"), "<tool_call>{]</tool_call>^<tool_call>{'name': 'f'}</tool_call>", "<tool_call>{]</tool_call> #0 f{}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '"', value = {
        "<think>^Hm.^</think>^^Yes. ¦ (Hm.)Yes.",
        "<think>Hm ¦ (Hm)",
        "<think>^a < b </thin^</think>Yes ¦ (a < b </thin)Yes",
        "<think>^^</think>^^Yes ¦ Yes",
        "Yes <think> no </think> ¦ Yes <think> no </think>",
        "<thinking aloud ¦ <thinking aloud",
        "<think>I call.</think>^<tool_call>{'name': 'f'}</tool_call> ¦ (I call.) #0 f{}",
        "<think>I could write <tool_call>{'name': 'f'}</tool_call></think>No. ¦ (I could write <tool_call>{'name': 'f'}</tool_call>)No.",
    })
    void tellsThoughtsFromTheAnswer(String written, String expected) {
        assertSeen(ToolFormat.HERMES, Answers.thinks(), Answers.tools("f"), written, expected);
    }

    @Test
    void knowsThatThePromptHasBegunTheThoughts() {
        Thinking begun = new Thinking.Begun(ReasoningMarkers.THINK_TAGS);
        assertSeen(ToolFormat.HERMES, begun, ToolRequest.none(), "Hm, well^</think>^^Yes", "(Hm, well)Yes");
        assertSeen(ToolFormat.HERMES, begun, ToolRequest.none(), "Hm, we", "(Hm, we)");
        assertSeen(ToolFormat.MISTRAL_LIST, new Thinking.Begun(ReasoningMarkers.THINK_BRACKETS), ToolRequest.none(), "Hm[/THINK]Yes", "(Hm)Yes");

        AnswerParser parser = Answers.parser(ToolFormat.HERMES, begun, ToolRequest.none());
        assertThat(parser.reasoning()).isTrue();
        parser.append("x</think>");
        assertThat(parser.reasoning()).isFalse();
    }

    @Test
    void leavesAnAnswerWithoutToolsAndThoughtsAloneAndHoldsNothingBack() {
        AnswerParser parser = Answers.parser(ToolFormat.HERMES, OVER, ToolRequest.none());

        assertThat(parser.append(" \n<think><tool_call>")).containsExactly(new AnswerDelta.Content(" \n<think><tool_call>"));
        assertThat(parser.append("{ ")).containsExactly(new AnswerDelta.Content("{ "));
        assertThat(parser.end()).isEmpty();
        assertThat(parser.calledTools()).isFalse();
    }

    @Test
    void ignoresCallsThatTheRequestForbids() {
        String call = "<tool_call>{'name': 'f'}</tool_call>";
        assertSeen(ToolFormat.HERMES, OVER, Answers.request(new ToolChoice.None(), true, "f"), call, call);
        assertSeen(ToolFormat.HERMES, OVER, Answers.request(new ToolChoice.Named("g"), true, "f", "g"), call, call);
        assertSeen(ToolFormat.HERMES, OVER, Answers.request(new ToolChoice.Auto(), false, "f"), call + "^" + call + "Done.", "#0 f{}Done.");
        assertSeen(ToolFormat.MISTRAL_LIST, OVER, Answers.request(new ToolChoice.Required(), false, "f"), "[TOOL_CALLS] [{'name': 'f'}, {'name': 'f'}]", "#0 f{}");
    }

    @Test
    void announcesACallAsSoonAsItsArgumentsBeginAndTellsThemAsTheyCome() {
        AnswerParser parser = Answers.parser(ToolFormat.HERMES, OVER, Answers.tools("f"));

        assertThat(parser.append("Well. <tool")).containsExactly(new AnswerDelta.Content("Well."));
        assertThat(parser.append("_call>\n{\"name\": \"f\", \"arguments\": ")).isEmpty();
        assertThat(parser.append("{")).containsExactly(
                new AnswerDelta.CallStart(0, Answers.IDS.id(0, ToolFormat.HERMES), "f"), new AnswerDelta.CallArguments(0, "{"));
        assertThat(parser.append("\"a\": \"</")).containsExactly(new AnswerDelta.CallArguments(0, "\"a\": \"</"));
        assertThat(parser.append("tool_call>\"}}\n</tool_call>")).containsExactly(new AnswerDelta.CallArguments(0, "tool_call>\"}"));
        assertThat(parser.calledTools()).isTrue();
        assertThat(parser.end()).isEmpty();
    }

    @Test
    void holdsBackNoMoreThanWhatMayBecomeSomethingElse() {
        AnswerParser parser = Answers.parser(ToolFormat.HERMES, Answers.thinks(), Answers.tools("f"));

        assertThat(parser.append("<th")).isEmpty();
        assertThat(parser.append("e> a")).containsExactly(new AnswerDelta.Content("<the> a"));
        assertThat(parser.append(" b <")).containsExactly(new AnswerDelta.Content(" b"));
        assertThat(parser.append("c")).containsExactly(new AnswerDelta.Content(" <c"));
    }

    @ParameterizedTest
    @EnumSource(ToolFormat.class)
    void readsWhatTheFormatsWriterWrites(ToolFormat format) {
        ToolRequest tools = Answers.tools("get_weather", "f");
        String text = new FormatWriter(format).calls(List.of(
                new FormatWriter.Call("get_weather", "{\"city\":\"Köln \\\"}]\",\"days\":[1,2]}"), new FormatWriter.Call("f", "{}")));

        ObjectNode message = Answers.message(Answers.deltas(Answers.parser(format, OVER, tools), List.of(text)), tools);

        assertThat(message.path("content").isNull()).isTrue();
        assertThat(message.path("tool_calls")).hasSize(2);
        assertThat(message.at("/tool_calls/0/function/name").asText()).isEqualTo("get_weather");
        assertThat(message.at("/tool_calls/0/function/arguments").asText()).isEqualTo("{\"city\": \"Köln \\\"}]\", \"days\": [1, 2]}");
        assertThat(message.at("/tool_calls/1/function/arguments").asText()).isEqualTo("{}");
    }

    @Test
    void callIdsFollowFromTheAnswersId() {
        CallIds ids = CallIds.of("chatcmpl-1", 0);

        assertThat(ids.id(0, ToolFormat.HERMES)).matches("call_[a-zA-Z0-9]{24}").isEqualTo(CallIds.of("chatcmpl-1", 0).id(0, ToolFormat.HERMES));
        assertThat(ids.id(0, ToolFormat.MISTRAL_LIST)).matches("[a-zA-Z0-9]{9}");
        assertThat(List.of(ids.id(0, ToolFormat.LLAMA), ids.id(1, ToolFormat.LLAMA), CallIds.of("chatcmpl-1", 1).id(0, ToolFormat.LLAMA),
                CallIds.of("chatcmpl-2", 0).id(0, ToolFormat.LLAMA))).doesNotHaveDuplicates();
    }
}
