package dev.candor.inference.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.inference.text.TemplateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Renders real templates as Python's jinja2 does. */
class JinjaVectorsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-26T09:05:07Z"), ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    List<DynamicTest> rendersRealTemplatesByteForByte() throws Exception {
        Path folder = Path.of(System.getProperty("candor.shared", ""), "vectors", "templates");
        Assumptions.assumeTrue(Files.isDirectory(folder), "no shared test vectors here");
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json")).sorted().toList()) {
                JsonNode vectors = JSON.readTree(file.toFile());
                String source = Files.readString(folder.resolve(vectors.get("template").textValue()));
                JinjaChatTemplate template = JinjaChatTemplate.parse(source, CLOCK);
                vectors.get("cases").forEach(vector -> tests.add(DynamicTest.dynamicTest(
                        vectors.get("template").textValue() + ": " + vector.get("name").textValue(), () -> check(template, vector))));
            }
        }
        assertThat(tests).hasSizeGreaterThanOrEqualTo(114);
        return tests;
    }

    @TestFactory
    Stream<DynamicTest> rendersSnippetsAsPythonDoes() throws Exception {
        JsonNode snippets = JSON.readTree(getClass().getResourceAsStream("/jinja/snippets.json"));
        return snippets.valueStream().map(snippet -> DynamicTest.dynamicTest(snippet.get("template").textValue(),
                () -> checkSnippet(snippet)));
    }

    private static void checkSnippet(JsonNode snippet) throws Exception {
        String source = snippet.get("template").textValue();
        if (snippet.has("error")) {
            assertThatThrownBy(() -> JinjaChatTemplate.parse(source, CLOCK).render(variables(snippet)))
                    .isInstanceOf(TemplateException.class).hasMessageNotContainingAny("null");
        } else {
            assertThat(JinjaChatTemplate.parse(source, CLOCK).render(variables(snippet))).isEqualTo(snippet.get("expected").textValue());
        }
    }

    private static JsonNode variables(JsonNode vector) {
        return vector.has("variables") ? vector.get("variables") : JSON.createObjectNode();
    }

    private static void check(JinjaChatTemplate template, JsonNode vector) throws Exception {
        if (vector.has("error")) {
            String error = vector.get("error").textValue();
            String text = error.substring(error.indexOf(": ") + 2);
            assertThatThrownBy(() -> template.render(variables(vector))).isInstanceOf(TemplateException.class)
                    .hasMessageContaining(error.startsWith("TemplateError") ? text : "");
        } else {
            assertThat(template.render(variables(vector))).isEqualTo(vector.get("expected").textValue());
        }
    }
}
