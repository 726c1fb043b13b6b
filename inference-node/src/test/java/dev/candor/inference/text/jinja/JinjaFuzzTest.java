package dev.candor.inference.text.jinja;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.inference.text.TemplateException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the template and the conversation are, the end is a prompt or a {@link TemplateException}, soon. */
class JinjaFuzzTest {
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JinjaLimits LIMITS = new JinjaLimits(1 << 16, 1 << 16, 1 << 20, 20_000, 400, 80, 10_000, 4096);
    private static final List<String> PIECES = List.of("{{ ", " }}", "{% ", " %}", "{%- ", " -%}", "{# ", " #}", "if ", "elif ", "else", "endif",
            "for x in ", "endfor", "set x = ", "set ns.a = ", "macro m(a, b=1)", "endmacro", "call m()", "endcall", "filter upper", "endfilter",
            "raw", "endraw", "break", "continue", "generation", "endgeneration", "with a = 1", "endwith", "x", "messages", "loop.index", "ns",
            "namespace(a=1)", "range(3)", "'s'", "\"t\\n\"", "1", "2.5", "-3", "1e308", "10**50", "true", "none", "[1, 'a', none]", "{'a': 1}", "(1,)",
            " + ", " - ", " * ", " / ", " // ", " % ", " ** ", " ~ ", " == ", " < ", " in ", " not in ", " is ", " is not ", " and ", " or ", "not ",
            " if x else ", ".a", ".items()", "['b']", "[0]", "[1:]", "[::-1]", "()", "(1)", "|", "|tojson", "|tojson(indent=2)", "|trim", "|length",
            "|join(',')", "|map('upper')", "|map(attribute='a')", "|selectattr('a', 'equalto', 1)", "|select('odd')", "|list", "|sort", "|first",
            "|round(1)", "|int", "|float", "|default('d')", "|dictsort", "|groupby('a')", "|batch(2)", "|slice(2)", "|replace('a', 'b')", "|indent",
            "|unique", "|safe", "|e", "|format(1)", "|string", "|title", "|sum", "|min", "|truncate(5)", ".split(',')", ".strip()", ".format(1, a=2)",
            ".replace('', 'x')", ".rsplit(none, 1)", ".find('a', -1)", ".startswith('a')", ".splitlines()", ".partition('a')", ".title()", ".zfill(9)",
            "'%s %d %.2f'", "'{:>5} {!r}'", "\n", " ", "é", "\ud83d\ude00", "\ud83d", "raise_exception('no')", "strftime_now('%d %b %q')", "recursive");
    private static final String VARIABLES = """
            {"x": [1, 2.5, "a", null, true, {"a": [1, {"b": "c"}]}], "s": "hello\\ud83d\\ude00", "messages": [{"role": "user", "a": 1},
             {"role": "b", "a": "x"}], "d": {"a": 1, "b": [], "c": {}}}""";

    @FuzzTest(maxDuration = "2m")
    void endsWithAPromptOrAnException(FuzzedDataProvider data) {
        String variables = data.consumeString(200);
        check(data.consumeRemainingAsString(), parsed(variables));
    }

    private static JsonNode parsed(String json) {
        try {
            JsonNode node = JSON.readTree(json);
            return node != null && node.isObject() ? node : JSON.readTree(VARIABLES);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }

    private static void check(String source, JsonNode variables) {
        try {
            JinjaChatTemplate.parse(source, CLOCK, LIMITS).render(variables);
        } catch (TemplateException expected) {
            if (expected.getMessage() == null || expected.getMessage().isBlank()) {
                throw new AssertionError("no message for " + source, expected);
            }
        } catch (RuntimeException | Error e) {
            throw new AssertionError("failed on template <" + source + ">", e);
        }
    }

    @Test
    void survivesTemplatesMadeOfRandomPieces() throws IOException {
        Random random = new Random(20261121);
        JsonNode variables = JSON.readTree(VARIABLES);
        for (int i = 0; i < 2_500; i++) {
            check(assembled(random, i % 3 == 0), variables);
        }
    }

    private static String assembled(Random random, boolean expression) {
        StringBuilder source = new StringBuilder(expression ? "{{ " : "");
        int pieces = 1 + random.nextInt(12);
        for (int i = 0; i < pieces; i++) {
            source.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return source.append(expression ? " }}" : "").toString();
    }

    @Test
    void survivesMutatedSnippets() throws IOException {
        Random random = new Random(42);
        JsonNode snippets = JSON.readTree(JinjaFuzzTest.class.getResourceAsStream("/jinja/snippets.json"));
        JsonNode fallback = JSON.readTree(VARIABLES);
        List<String> sources = new ArrayList<>();
        snippets.forEach(snippet -> sources.add(snippet.get("template").textValue()));
        for (int i = 0; i < 2_500; i++) {
            int chosen = random.nextInt(sources.size());
            JsonNode variables = snippets.get(chosen).get("variables");
            check(mutated(random, sources.get(chosen), sources), variables == null ? fallback : variables);
        }
    }

    private static String mutated(Random random, String source, List<String> others) {
        StringBuilder mutated = new StringBuilder(source);
        for (int i = 0; i <= random.nextInt(4); i++) {
            int at = random.nextInt(mutated.length() + 1);
            switch (random.nextInt(5)) {
                case 0 -> mutated.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 1 -> mutated.delete(at, Math.min(mutated.length(), at + 1 + random.nextInt(3)));
                case 2 -> mutated.insert(at, (char) random.nextInt(0x250));
                case 3 -> {
                    String other = others.get(random.nextInt(others.size()));
                    int from = random.nextInt(other.length());
                    mutated.insert(at, other, from, Math.min(other.length(), from + 10));
                }
                default -> mutated.insert(at, mutated.substring(0, Math.min(at, 20)));
            }
        }
        return mutated.toString();
    }
}
