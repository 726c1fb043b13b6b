package dev.candor.inference.openai.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.engine.sampling.TokenConstraint;
import dev.candor.inference.structured.CompiledConstraint;
import dev.candor.inference.structured.ConstraintCompiler;
import dev.candor.inference.structured.Grammar;
import dev.candor.inference.structured.UnsupportedGrammarException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the grammar of calls allows, the parser of the same format reads as calls, and as nothing else. */
class ToolGrammarTest {
    private static final Thinking OVER = new Thinking.Over();
    private static final ConstraintCompiler TAKES_ALL = grammar -> new Compiled();

    private record Compiled() implements CompiledConstraint {
        @Override
        public TokenConstraint start() {
            throw new AssertionError("only the grammar is asked for");
        }

        @Override
        public int minTokens() {
            return 1;
        }
    }

    private static Map<String, String> templates() {
        return Map.of("HERMES", Templates.CHATML, "MISTRAL_LIST", Templates.MISTRAL, "MISTRAL_NAMED", Templates.MISTRAL_NAMED, "GEMMA",
                Templates.CHATML + "{# <start_of_turn> #}", "LLAMA", Templates.CHATML + "{# <|python_tag|> #}", "DEEPSEEK",
                Templates.CHATML + "{# <｜tool▁call▁begin｜> ```json #}", "DEEPSEEK_NAMED", Templates.CHATML + "{# <｜tool▁call▁begin｜> #}");
    }

    private static ChatTools chat(ToolFormat format, boolean thinks) {
        ChatTools tools = Templates.tools(templates().get(format.name()) + (thinks ? "{# </think> #}" : ""));
        assertThat(tools.format()).isEqualTo(format);
        return tools;
    }

    private static ToolRequest request(ToolChoice choice, boolean parallel, boolean strict) {
        ObjectNode schema = Templates.JSON.createObjectNode().put("type", "object");
        schema.putObject("properties").putObject("city").put("type", "string");
        return new ToolRequest(List.of(
                new FunctionTool("get_weather", Optional.empty(), Optional.of(schema), strict, "tools[0].function"),
                new FunctionTool("now", Optional.empty(), Optional.empty(), false, "tools[1].function")), choice, parallel, false);
    }

    @ParameterizedTest
    @EnumSource(ToolFormat.class)
    void whatItForcesIsReadAsCallsAlone(ToolFormat format) throws Exception {
        ChatTools chat = chat(format, false);
        for (boolean parallel : new boolean[] {true, false}) {
            ToolRequest request = request(new ToolChoice.Required(), parallel, false);
            Grammar grammar = chat.grammar(request, Optional.empty(), OVER, TAKES_ALL).orElseThrow();
            for (int seed = 0; seed < 60; seed++) {
                String text = new GrammarTexts(new Random(seed)).text(grammar);
                ObjectNode message = AnswerMessage.of(text, chat.parser(request, OVER, Answers.IDS), request).json();

                assertThat(message.path("content").isNull()).as(text).isTrue();
                assertThat(message.path("tool_calls")).as(text).hasSizeBetween(1, parallel ? ToolGrammar.MAX_CALLS : 1).allSatisfy(call ->
                        assertThat(call.at("/function/arguments").asText()).isEqualTo(call.at("/function/name").asText().equals("now") ? "{}" : GrammarTexts.ARGUMENTS));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ToolFormat.class)
    void aNamedFunctionIsCalledOnce(ToolFormat format) throws Exception {
        ChatTools chat = chat(format, false);
        ToolRequest request = request(new ToolChoice.Named("now"), true, false);
        String text = new GrammarTexts(new Random(1)).text(chat.grammar(request, Optional.empty(), OVER, TAKES_ALL).orElseThrow());

        assertThat(Answers.seen(Answers.deltas(chat.parser(request, OVER, Answers.IDS), List.of(text)))).isEqualTo(" #0 now{}");
    }

    @ParameterizedTest
    @EnumSource(ToolFormat.class)
    void strictFunctionsAreKeptToWhereverCallsAreAnnounced(ToolFormat format) throws Exception {
        ChatTools chat = chat(format, false);
        ToolRequest request = request(new ToolChoice.Auto(), true, true);
        Optional<Grammar> grammar = chat.grammar(request, Optional.empty(), OVER, TAKES_ALL);

        assertThat(grammar.isPresent()).isEqualTo(format.announced());
        for (int seed = 0; grammar.isPresent() && seed < 60; seed++) {
            String text = new GrammarTexts(new Random(seed)).text(grammar.get());
            AnswerParser parser = chat.parser(request, OVER, Answers.IDS);
            Answers.deltas(parser, List.of(text));
            assertThat(parser.calledTools()).as(text).isEqualTo(text.contains("now") || text.contains("get_weather"));
        }
    }

    @Test
    void thoughtsMayComeBeforeWhatIsForced() throws Exception {
        ChatTools chat = chat(ToolFormat.HERMES, true);
        ToolRequest request = request(new ToolChoice.Required(), true, false);
        for (Thinking thinking : List.of(Answers.thinks(), new Thinking.Begun(ReasoningMarkers.THINK_TAGS))) {
            Grammar grammar = chat.grammar(request, Optional.empty(), thinking, TAKES_ALL).orElseThrow();
            for (int seed = 0; seed < 60; seed++) {
                String text = new GrammarTexts(new Random(seed)).text(grammar);
                ObjectNode message = AnswerMessage.of(text, chat.parser(request, thinking, Answers.IDS), request).json();
                assertThat(message.path("content").isNull()).as(text).isTrue();
                assertThat(message.path("tool_calls")).as(text).isNotEmpty();
                assertThat(message.path("reasoning").asText("").isEmpty()).as(text).isEqualTo(!text.contains("Hm,"));
            }
        }
    }

    @Test
    void aFormOfTheAnswerMayTakeTheCallsPlace() throws Exception {
        ChatTools chat = chat(ToolFormat.HERMES, false);
        Grammar json = new Grammar.JsonObject();

        assertThat(chat.grammar(ToolRequest.none(), Optional.of(json), OVER, TAKES_ALL)).contains(json);
        assertThat(chat.grammar(request(new ToolChoice.None(), true, true), Optional.of(json), OVER, TAKES_ALL)).contains(json);
        assertThat(chat.grammar(request(new ToolChoice.Auto(), true, false), Optional.of(json), OVER, TAKES_ALL).orElseThrow())
                .isInstanceOfSatisfying(Grammar.Alternatives.class, either -> assertThat(either.options()).hasSize(2).contains(json));
        assertThat(chat.grammar(request(new ToolChoice.Auto(), true, false), Optional.empty(), OVER, TAKES_ALL)).isEmpty();
        assertThat(chat.grammar(ToolRequest.none(), Optional.empty(), Answers.thinks(), TAKES_ALL)).isEmpty();
    }

    @Test
    void aSchemaThatCannotBeEnforcedIsAnErrorOnlyWhereTheFunctionIsStrict() throws Exception {
        ConstraintCompiler refuses = grammar -> {
            throw new UnsupportedGrammarException("/properties/city", "not", "'not' is not supported");
        };
        ChatTools chat = chat(ToolFormat.HERMES, false);

        Grammar grammar = chat.grammar(request(new ToolChoice.Named("get_weather"), true, false), Optional.empty(), OVER, refuses).orElseThrow();
        assertThat(grammar.toString()).contains("JsonObject").doesNotContain("JsonSchema");
        assertThatThrownBy(() -> chat.grammar(request(new ToolChoice.Required(), true, true), Optional.empty(), OVER, refuses))
                .isInstanceOfSatisfying(UnsupportedToolException.class, e -> assertThat(e.param()).isEqualTo("tools[0].function.parameters"))
                .hasMessageContaining("'not' is not supported").hasMessageContaining("/properties/city");
    }

    @Test
    void argumentsAreObjectsAndHaveNoMembersThatTheSchemaDoesNotName() throws Exception {
        Grammar grammar = chat(ToolFormat.HERMES, false).grammar(request(new ToolChoice.Named("get_weather"), true, false), Optional.empty(), OVER, TAKES_ALL).orElseThrow();
        assertThat(grammar.toString()).contains("\"additionalProperties\":false");

        ObjectNode open = Templates.JSON.createObjectNode().put("additionalProperties", true);
        open.putObject("properties");
        ToolRequest request = new ToolRequest(List.of(new FunctionTool("f", Optional.empty(), Optional.of(open), false, "")), new ToolChoice.Required(), true, false);
        assertThat(chat(ToolFormat.HERMES, false).grammar(request, Optional.empty(), OVER, TAKES_ALL).orElseThrow().toString())
                .contains("\"additionalProperties\":true").contains("\"type\":\"object\"");
    }

    @Test
    void markersThatAreOneTokenAreForcedAsThatToken() throws Exception {
        ChatTools chat = ChatTools.of(Templates.parse(Templates.MISTRAL_NAMED), Map.of(), text -> text.startsWith("["));
        Grammar grammar = chat.grammar(request(new ToolChoice.Named("now"), true, false), Optional.empty(), OVER, TAKES_ALL).orElseThrow();

        assertThat(grammar).isEqualTo(new Grammar.Sequence(List.of(new Grammar.Special("[TOOL_CALLS]"), new Grammar.Literal("now"), new Grammar.Special("[ARGS]"),
                new Grammar.Literal("{}"))));
    }
}
