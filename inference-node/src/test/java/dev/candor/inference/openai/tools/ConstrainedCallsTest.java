package dev.candor.inference.openai.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.engine.sampling.TokenConstraint;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.structured.AutomatonCompiler;
import dev.candor.inference.structured.CompiledConstraint;
import dev.candor.inference.structured.ConstraintLimits;
import dev.candor.inference.text.HfTokenizer;
import dev.candor.inference.text.IncrementalDecoder;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model that picks tokens blindly calls tools as it should in every format, once its choice is constrained, however few tokens it has. */
class ConstrainedCallsTest {
    @TempDir
    private static Path folder;

    private static VerifiedModel toy;
    private static HfTokenizer tokenizer;
    private static AutomatonCompiler compiler;

    @BeforeAll
    static void open() throws Exception {
        toy = ToyModels.write(folder.resolve("toy"));
        tokenizer = HfTokenizer.open(toy.tokenizer(), Models.natives());
        compiler = new AutomatonCompiler(
                tokenizer.tokenBytes().orElseThrow(), toy.config().eosTokens().stream().mapToInt(id -> id).toArray(), ConstraintLimits.defaults());
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    private static ToolRequest request(ToolChoice choice, boolean parallel, boolean strict) throws Exception {
        JsonNode schema = Templates.JSON.readTree("{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\",\"maxLength\":5},\"days\":{\"type\":\"integer\"}},"
                + "\"required\":[\"city\",\"days\"],\"additionalProperties\":false}");
        return new ToolRequest(List.of(
                new FunctionTool("get_weather", Optional.empty(), Optional.of((ObjectNode) schema), strict, "tools[0].function"),
                new FunctionTool("now", Optional.empty(), Optional.empty(), strict, "tools[1].function")), choice, parallel, false);
    }

    private static ChatTools chat(ToolFormat format) {
        String source = switch (format) {
            case HERMES -> Templates.CHATML;
            case LLAMA -> Templates.CHATML + "{# <|python_tag|> #}";
            case MISTRAL_LIST -> Templates.MISTRAL;
            case MISTRAL_NAMED -> Templates.MISTRAL_NAMED;
            case GEMMA -> Templates.CHATML + "{# <start_of_turn> #}";
            case DEEPSEEK -> Templates.CHATML + "{# <｜tool▁call▁begin｜> ```json #}";
            case DEEPSEEK_NAMED -> Templates.CHATML + "{# <｜tool▁call▁begin｜> #}";
        };
        return ChatTools.of(Templates.parse(source + "{# </think> #}"), Map.of("bos_token", "", "eos_token", ""), text -> tokenizer.encode(text).length == 1);
    }

    /** Picks allowed tokens blindly until nothing is left to say. */
    private static String text(CompiledConstraint compiled, int tokens, Random random) {
        TokenConstraint constraint = compiled.start();
        IncrementalDecoder decoder = tokenizer.newDecoder();
        StringBuilder text = new StringBuilder();
        for (int left = tokens; left > 0 && !constraint.complete(); left--) {
            int[] allowed = BitSet.valueOf(constraint.allowed(left)).stream().toArray();
            int token = allowed[random.nextInt(allowed.length)];
            if (toy.config().eosTokens().contains(token)) {
                break;
            }
            constraint.accept(token);
            text.append(decoder.append(token));
        }
        return text.append(decoder.flush()).toString();
    }

    @ParameterizedTest
    @EnumSource(ToolFormat.class)
    void forcedCallsAreCallsWithArgumentsOfTheSchema(ToolFormat format) throws Exception {
        ChatTools chat = chat(format);
        for (boolean parallel : new boolean[] {true, false}) {
            ToolRequest request = request(new ToolChoice.Required(), parallel, false);
            Thinking thinking = parallel ? new Thinking.Over() : new Thinking.Begun(ReasoningMarkers.THINK_TAGS);
            CompiledConstraint compiled = compiler.compile(chat.grammar(request, Optional.empty(), thinking, compiler).orElseThrow());
            for (int seed = 0; seed < 8; seed++) {
                String text = text(compiled, compiled.minTokens() + seed * 40, new Random(seed));
                ObjectNode message = AnswerMessage.of(text, chat.parser(request, thinking, Answers.IDS), request).json();
                assertThat(message.path("content").isNull()).as(text).isTrue();
                assertCalls(message, text);
            }
        }
    }

    private static void assertCalls(ObjectNode message, String text) throws Exception {
        assertThat(message.path("tool_calls")).as(text).isNotEmpty();
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode arguments = Templates.JSON.readTree(call.at("/function/arguments").asText());
            if (call.at("/function/name").asText().equals("now")) {
                assertThat(arguments).as(text).isEmpty();
            } else {
                assertThat(arguments.path("city").isTextual() && arguments.path("days").isIntegralNumber() && arguments.size() == 2).as(text).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = ToolFormat.class, names = {"HERMES", "MISTRAL_NAMED"})
    void freeTextWithStrictFunctionsHoldsOnlyCallsAsTheyShouldBe(ToolFormat format) throws Exception {
        ChatTools chat = chat(format);
        ToolRequest request = request(new ToolChoice.Auto(), true, true);
        CompiledConstraint compiled = compiler.compile(chat.grammar(request, Optional.empty(), new Thinking.Over(), compiler).orElseThrow());
        for (int seed = 0; seed < 8; seed++) {
            String opener = format.openers().getFirst();
            TokenConstraint constraint = compiled.start();
            for (int token : tokenizer.encode("Well. " + opener)) {
                assertThat(BitSet.valueOf(constraint.allowed(500)).get(token)).isTrue();
                constraint.accept(token);
            }
            String call = rest(constraint, new Random(seed));
            ObjectNode message = AnswerMessage.of("Well. " + opener + call, chat.parser(request, new Thinking.Over(), Answers.IDS), request).json();
            assertThat(message.path("content").asText()).startsWith("Well.");
            assertCalls(message, call);
        }
    }

    private static String rest(TokenConstraint constraint, Random random) {
        return text(new CompiledConstraint() {
            @Override
            public TokenConstraint start() {
                return constraint;
            }

            @Override
            public int minTokens() {
                return 1;
            }
        }, 300, random);
    }
}
