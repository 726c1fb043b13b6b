package dev.candor.inference.openai.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Fields;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.PromptFields;
import dev.candor.inference.openai.PromptRenderer;
import dev.candor.inference.testing.CharTokenizer;
import dev.candor.inference.text.TemplateException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever a request says of tools and earlier calls, every template makes a prompt of it, or it is refused. */
class ToolPromptFuzzTest {
    private static final String FULL = """
            {"messages":[{"role":"developer","content":"be brief"},{"role":"user","content":[{"type":"text","text":"a"}],"name":"u"},
            {"role":"assistant","content":"so","reasoning":"hm","tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\\"a\\":[1,null]}"}},
            {"id":"call_2","type":"function","function":{"name":"g","arguments":""}}]},{"role":"tool","tool_call_id":"call_2","content":"5"},
            {"role":"tool","tool_call_id":"call_1","content":[{"type":"text","text":"6"}]},{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},
            {"role":"function","name":"f","content":"7"},{"role":"assistant","refusal":"no","content":null},{"role":"user","content":"and?"}],
            "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"array"}}},"strict":true}},
            {"type":"function","function":{"name":"g"}}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function",
            "function":{"name":"g"}}]}},"parallel_tool_calls":false,"chat_template_kwargs":{"enable_thinking":false},"reasoning_effort":"low"}""";
    private static final List<String> TOKENS = List.of("{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "\"tool_calls\":", "\"function\":", "\"id\":\"call_1\"",
            "\"role\":\"tool\"", "\"arguments\":{}", "{}", "[]", "\\ud800", "\\u0000", "\"content\":null", " ");

    private final List<PromptRenderer> renderers = Stream.of(Templates.CHATML, Templates.XML_TOOLS, Templates.MISTRAL, Templates.MISTRAL_NAMED, Templates.XML_CALLS,
                    Templates.CHATML + "{# <start_of_turn> #}")
            .map(source -> new PromptRenderer(Templates.parse(source), Map.of("bos_token", "<s>", "eos_token", "</s>"), new CharTokenizer())).toList();

    @FuzzTest(maxDuration = "2m")
    void makesAPromptOrRefuses(byte[] body) {
        check(body);
    }

    /** @return whether it was a request */
    private boolean check(byte[] body) {
        try {
            ChatPrompt prompt = PromptFields.read(new Fields(new Json().object(body), ""));
            renderers.forEach(renderer -> render(renderer, prompt));
            return true;
        } catch (ApiException refusal) {
            assertThat(refusal.error().status()).isBetween(400, 499);
            assertThat(refusal.getMessage()).isNotBlank();
            return false;
        }
    }

    private static void render(PromptRenderer renderer, ChatPrompt prompt) {
        try {
            assertThat(renderer.render(prompt).tokens()).isNotEmpty();
        } catch (TemplateException refusal) {
            assertThat(refusal.getMessage()).isNotBlank();
        }
    }

    @Test
    void survivesMutatedRequests() {
        Random random = new Random(20261121);
        assertThat(check(FULL.getBytes(StandardCharsets.UTF_8))).isTrue();
        int read = 0;
        for (int i = 0; i < 2_000; i++) {
            read += check(mutated(random)) ? 1 : 0;
        }
        assertThat(read).isGreaterThan(100);
    }

    private static byte[] mutated(Random random) {
        StringBuilder body = new StringBuilder(FULL);
        for (int i = 0; i <= random.nextInt(2); i++) {
            int at = random.nextInt(body.length());
            switch (random.nextInt(3)) {
                case 0 -> body.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
                case 1 -> body.delete(at, Math.min(body.length(), at + 1 + random.nextInt(4)));
                default -> body.setCharAt(at, (char) (' ' + random.nextInt(90)));
            }
        }
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }
}
