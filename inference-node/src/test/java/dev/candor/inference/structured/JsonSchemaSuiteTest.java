package dev.candor.inference.structured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JSON Schema Test Suite, draft 2020-12, as the source package of Python's jsonschema carries it. */
class JsonSchemaSuiteTest {
    private static final String PACKAGE = "jsonschema==4.23.0";
    /** Where the normal form leaves valid texts out: numbers of many digits, rare forms of formats, spaces on which engines differ. */
    private static final Set<String> NARROWER = Set.of("bignum.json", "ecmascript-regex.json", "float-overflow.json", "date-time.json", "date.json",
            "duration.json", "email.json", "hostname.json", "ipv6.json", "time.json", "uri.json", "multipleOf.json");
    /** Schemas in a language of their own, by a metaschema that the node does not fetch, and formats that say nothing, which here they do. */
    private static final Set<String> OTHER_LANGUAGES = Set.of("vocabulary.json", "format.json");
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    @TempDir
    private Path folder;

    private final List<String> wrong = new ArrayList<>();
    private int right;

    @Test
    void acceptsWhatTheSuiteCallsValidAndNothingElse() throws Exception {
        assumeTrue(run("python3", "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "jsonschema", PACKAGE), "the package cannot be fetched");
        assumeTrue(run("sh", "-c", "tar xzf jsonschema-*.tar.gz"), "the package cannot be unpacked");
        AutomatonCompiler compiler = TestVocabularies.toyCompiler();
        for (Path file : files()) {
            for (JsonNode group : JSON.readTree(file.toFile())) {
                check(compiler, file.getFileName().toString(), group);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(right).isGreaterThan(900);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.toString().contains("json/tests/draft2020-12") && path.toString().endsWith(".json"))
                    .filter(path -> !OTHER_LANGUAGES.contains(path.getFileName().toString())).sorted().toList();
        }
    }

    private boolean run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output.txt").toFile()).start();
        } catch (IOException e) {
            return false;
        }
        boolean ended = process.waitFor(3, TimeUnit.MINUTES);
        process.destroyForcibly();
        return ended && process.exitValue() == 0;
    }

    private void check(AutomatonCompiler compiler, String file, JsonNode group) {
        Acceptance acceptance;
        try {
            acceptance = new Acceptance(compiler.compile(new Grammar.JsonSchema(group.get("schema"))));
        } catch (UnsupportedGrammarException e) {
            return;
        }
        for (JsonNode test : group.get("tests")) {
            boolean valid = test.get("valid").booleanValue();
            boolean accepted = NormalForms.of(test.get("data")).stream().anyMatch(form -> acceptance.accepts(JsonText.of(form)));
            if (accepted == valid) {
                right++;
            } else if (accepted || !NARROWER.contains(file)) {
                wrong.add((accepted ? "accepted " : "refused ") + test.get("data") + " by " + group.get("schema") + " in " + file);
            }
        }
    }
}
