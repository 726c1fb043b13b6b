package dev.candor.inference.openai.tools;

import static dev.candor.inference.openai.tools.Templates.assistant;
import static dev.candor.inference.openai.tools.Templates.call;
import static dev.candor.inference.openai.tools.Templates.prompt;
import static dev.candor.inference.openai.tools.Templates.render;
import static dev.candor.inference.openai.tools.Templates.result;
import static dev.candor.inference.openai.tools.Templates.shared;
import static dev.candor.inference.openai.tools.Templates.user;
import static dev.candor.inference.openai.tools.Templates.weather;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made of tools and calls with the templates of real models, and with small ones that do what others do. */
class ChatToolsTest {
    private static final String FIRST = "123456789";
    private static final String SECOND = "abcdefghi";

    @ParameterizedTest
    @CsvSource({"qwen2_5,HERMES,true", "qwen3,HERMES,true", "llama3_2,LLAMA,true", "gemma3,GEMMA,false", "deepseek_v3,DEEPSEEK,false", "smollm2,HERMES,false"})
    void recognisesTheFormatsOfRealModels(String name, ToolFormat format, boolean taught) throws Exception {
        ChatTools tools = Templates.tools(shared(name));

        assertThat(tools.format()).isEqualTo(format);
        assertThat(tools.templateTakesTools()).isEqualTo(taught);
    }

    @Test
    void recognisesTheFormatsOfOthers() {
        assertThat(Templates.tools(Templates.MISTRAL).format()).isEqualTo(ToolFormat.MISTRAL_LIST);
        assertThat(Templates.tools(Templates.MISTRAL_NAMED).format()).isEqualTo(ToolFormat.MISTRAL_NAMED);
        assertThat(Templates.tools(Templates.XML_TOOLS).format()).isEqualTo(ToolFormat.HERMES);
        assertThat(Templates.tools(Templates.XML_TOOLS).templateTakesTools()).isTrue();
        assertThat(Templates.tools(Templates.CHATML).templateTakesTools()).isFalse();
        assertThat(Templates.tools("{{ raise_exception('never') }}").format()).isEqualTo(ToolFormat.HERMES);
    }

    @Test
    void teachesItsOwnFormatWhereTheTemplateTeachesOneThatItDoesNotRead() throws Exception {
        ChatTools tools = Templates.tools(Templates.XML_CALLS);

        assertThat(tools.format()).isEqualTo(ToolFormat.HERMES);
        assertThat(tools.templateTakesTools()).isFalse();
        assertThat(render(Templates.XML_CALLS, prompt(weather(), user("Hi"), assistant("", call(FIRST, "Bonn")), result(FIRST, "5")))).isEqualTo(
                "<|im_start|>system\n" + new FormatWriter(ToolFormat.HERMES).teaching(weather().tools()) + "<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
                        + "<|im_start|>assistant\n<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Bonn\"}}\n</tool_call><|im_end|>\n"
                        + "<|im_start|>user\n<tool_response>\n5\n</tool_response><|im_end|>\n<|im_start|>assistant");
    }

    /** The vectors' own conversations come out as the template renders them directly, for templates that know of tools. */
    @TestFactory
    List<DynamicTest> leavesConversationsToTemplatesThatKnowOfTools() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (String name : List.of("qwen2_5", "qwen3", "llama3_2", "smollm2", "gemma3", "deepseek_v3")) {
            String source = shared(name);
            Path vectors = Path.of(System.getProperty("candor.shared"), "vectors", "templates", name + ".json");
            for (JsonNode vector : Templates.JSON.readTree(Files.readAllBytes(vectors)).path("cases")) {
                boolean plain = vector.path("variables").path("messages").valueStream()
                        .allMatch(message -> message.path("content").isTextual() && !message.has("tool_calls") && !message.path("role").asText().equals("tool"));
                boolean tools = vector.path("variables").has("tools");
                if (plain && !tools && vector.has("expected") && vector.path("variables").path("add_generation_prompt").asBoolean()) {
                    tests.add(DynamicTest.dynamicTest(name + ": " + vector.path("name").asText(), () -> checkPlain(source, vector)));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(40);
        return tests;
    }

    private static void checkPlain(String source, JsonNode vector) throws Exception {
        ObjectNode variables = vector.path("variables").deepCopy();
        ChatPrompt prompt = new ChatPrompt(variables.withArray("messages"), ToolRequest.none(), Templates.JSON.createObjectNode());
        Templates.tools(source).variables(prompt, variables);
        assertThat(Templates.parse(source).render(variables)).isEqualTo(vector.path("expected").asText());
    }

    @Test
    void qwenGetsToolsCallsAndResultsAsItsTemplateWritesThem() throws Exception {
        String text = render(shared("qwen2_5"), prompt(weather(), user("Weather?"), assistant("", call(FIRST, "Bonn"), call(SECOND, "Köln")),
                result(FIRST, "5 C"), result(SECOND, "6 C")));

        assertThat(text).contains("<tools>\n{\"type\": \"function\", \"function\": {\"name\": \"get_weather\", \"description\": \"Looks the weather up.\", \"parameters\": {")
                .endsWith("<|im_start|>assistant\n<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Bonn\"}}\n</tool_call>\n"
                        + "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Köln\"}}\n</tool_call><|im_end|>\n"
                        + "<|im_start|>user\n<tool_response>\n5 C\n</tool_response>\n<tool_response>\n6 C\n</tool_response><|im_end|>\n<|im_start|>assistant\n");
    }

    @Test
    void llamaGetsOneCallAMessageEachWithItsResult() throws Exception {
        String text = render(shared("llama3_2"), prompt(weather(), user("Weather?"), assistant("", call(FIRST, "Bonn"), call(SECOND, "Köln")),
                result(SECOND, "6 C"), result(FIRST, "5 C"), user("And?")));

        assertThat(text).contains("{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Bonn\"}}<|eot_id|><|start_header_id|>ipython<|end_header_id|>\n\n\"5 C\"<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\n{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Köln\"}}<|eot_id|>"
                + "<|start_header_id|>ipython<|end_header_id|>\n\n\"6 C\"<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nAnd?");
    }

    @Test
    void deepSeekIsTaughtByUsAndGetsArgumentsAsText() throws Exception {
        String text = render(shared("deepseek_v3"), prompt(weather(), user("Weather?"), assistant("", call(FIRST, "Bonn")), result(FIRST, "5 C")));

        assertThat(text).contains("You may call one or more functions", "\"get_weather\"")
                .endsWith("<｜Assistant｜><｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n```json\n{\"city\": \"Bonn\"}\n```<｜tool▁call▁end｜>"
                        + "<｜tool▁outputs▁begin｜><｜tool▁output▁begin｜>5 C<｜tool▁output▁end｜><｜tool▁outputs▁end｜>");
    }

    @Test
    void whatIsSaidBesideACallIsNotLostOnTemplatesThatRenderEither() throws Exception {
        assertThat(render(shared("deepseek_v3"), prompt(weather(), user("Weather?"), assistant("Wait.", call(FIRST, "Bonn")), result(FIRST, "5 C"))))
                .contains("<｜Assistant｜>Wait.<｜end▁of▁sentence｜><｜Assistant｜><｜tool▁calls▁begin｜>", "{\"city\": \"Bonn\"}");
        assertThat(render(shared("llama3_2"), prompt(weather(), user("Weather?"), assistant("Wait.", call(FIRST, "Bonn")), result(FIRST, "5 C"))))
                .contains("\n\nWait.<|eot_id|>", "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Bonn\"}}<|eot_id|>");
        assertThat(render(shared("qwen3"), prompt(weather(), user("Weather?"), assistant("Wait.", call(FIRST, "Bonn")), result(FIRST, "5 C"))))
                .contains("Wait.\n<tool_call>\n");
    }

    @Test
    void gemmaGetsAConversationThatAlternates() throws Exception {
        String text = render(shared("gemma3"), prompt(weather(), user("Weather?"), assistant("", call(FIRST, "Bonn"), call(SECOND, "Köln")),
                result(FIRST, "5 C"), result(SECOND, "6 C"), user("So?")));

        assertThat(text).startsWith("<s><start_of_turn>user\n# Tools").endsWith("Weather?<end_of_turn>\n<start_of_turn>model\n```json\n"
                + "[{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Bonn\"}}, {\"name\": \"get_weather\", \"parameters\": {\"city\": \"Köln\"}}]\n```<end_of_turn>\n"
                + "<start_of_turn>user\n```tool_output\n5 C\n```\n```tool_output\n6 C\n```\nSo?<end_of_turn>\n<start_of_turn>model\n");
    }

    @Test
    void theDemoModelIsTaughtInItsSystemMessage() throws Exception {
        String teaching = new FormatWriter(ToolFormat.HERMES).teaching(weather().tools());

        assertThat(render(shared("smollm2"), prompt(weather(), user("Weather?")))).startsWith("<|im_start|>system\n" + teaching + "<|im_end|>\n<|im_start|>user\nWeather?");
        assertThat(render(shared("smollm2"), prompt(weather(), "{'role':'system','content':'Be brief.'}", user("Weather?"))))
                .startsWith("<|im_start|>system\nBe brief.\n\n" + teaching + "<|im_end|>\n");
        assertThat(teaching).contains("\n{\"type\": \"function\", \"function\": {\"name\": \"get_weather\"", "<tool_call>\n{\"name\": \"function_name\", \"arguments\": {");
    }

    @Test
    void toolsThatMayNotBeCalledAreNotShown() throws Exception {
        ToolRequest none = new ToolRequest(weather().tools(), new ToolChoice.None(), true, false);

        assertThat(render(shared("qwen2_5"), prompt(none, user("Hi")))).doesNotContain("get_weather", "<tools>");
        assertThat(render(shared("smollm2"), prompt(none, user("Hi")))).doesNotContain("get_weather");
    }

    @Test
    void mistralGetsIdsOfNineCharactersWhoeverMadeThem() throws Exception {
        String text = render(Templates.MISTRAL, prompt(weather(), user("Weather?"), assistant("", call("call_0815", "Bonn")), result("call_0815", "5")));
        String id = CallIds.shortId("call_0815");

        assertThat(text).contains("\"id\": \"" + id + "\"}]</s>[TOOL_RESULTS] {\"content\": 5, \"call_id\": \"" + id + "\"}");
        assertThat(render(Templates.MISTRAL, prompt(weather(), user("Weather?"), assistant("", call(FIRST, "Bonn")), result(FIRST, "5")))).contains("\"id\": \"123456789\"");
    }

    @Test
    void toolsGoUnderTheNameThatTheTemplateReads() throws Exception {
        assertThat(render(Templates.XML_TOOLS, prompt(weather(), user("Hi")))).contains("<tools>\n{'type': 'function', 'function': {'name': 'get_weather'");
        assertThat(render(Templates.XML_TOOLS, prompt(weather(), user("Hi"), assistant("Wait.", call(FIRST, "Bonn")), result(FIRST, "5"))))
                .contains("Wait.\n<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Bonn\"}}\n</tool_call>", "<tool_response>\n5\n</tool_response>");
    }

    @Test
    void argumentsThatAreNoObjectAreShownAsTheyCame() throws Exception {
        String broken = assistant("", "{'id':'123456789','type':'function','function':{'name':'get_weather','arguments':'Bonn, please'}}");

        assertThat(render(shared("qwen3"), prompt(weather(), user("Hi"), broken, result(FIRST, "5")))).contains("\"arguments\": Bonn, please}");
        assertThat(render(shared("smollm2"), prompt(weather(), user("Hi"), broken, result(FIRST, "5")))).contains("\"arguments\": Bonn, please}");
    }

    @Test
    void earlierThoughtsReachATemplateThatShowsThem() throws Exception {
        String text = render(shared("qwen3"), prompt(weather(), user("Hi"),
                "{'role':'assistant','content':'','reasoning_content':'I look.','tool_calls':[" + call(FIRST, "Bonn") + "]}", result(FIRST, "5")));

        assertThat(text).contains("<think>\nI look.\n</think>\n\n<tool_call>");
    }

    @Test
    void tellsFromThePromptWhetherAnAnswerBeginsWithThoughts() throws Exception {
        ChatTools qwen3 = Templates.tools(shared("qwen3"));
        assertThat(qwen3.thinkingAfter("<|im_start|>assistant\n")).isEqualTo(new Thinking.Possible(ReasoningMarkers.THINK_TAGS));
        assertThat(qwen3.thinkingAfter("<|im_start|>assistant\n<think>\n")).isEqualTo(new Thinking.Begun(ReasoningMarkers.THINK_TAGS));
        ChatPrompt off = new ChatPrompt(prompt(weather(), user("Hi")).messages(), weather(), Templates.JSON.createObjectNode().put("enable_thinking", false));
        assertThat(qwen3.thinkingAfter(render(shared("qwen3"), off))).isEqualTo(new Thinking.Over());
        assertThat(Templates.tools(shared("qwen2_5")).thinkingAfter("<think>")).isEqualTo(new Thinking.Over());
    }

    @Test
    void doesNotChangeTheConversationItIsGiven() throws Exception {
        ChatPrompt prompt = prompt(weather(), user("Hi"), assistant("", call("call_1", "Bonn"), call("call_2", "Bonn")), result("call_2", "5"), result("call_1", "5"));
        JsonNode before = prompt.messages().deepCopy();
        for (String source : List.of(Templates.MISTRAL, Templates.CHATML, Templates.XML_TOOLS)) {
            render(source, prompt);
        }
        assertThat(prompt.messages()).isEqualTo(before);
    }
}
