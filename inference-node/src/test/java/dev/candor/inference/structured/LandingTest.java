package dev.candor.inference.structured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.inference.engine.sampling.TokenConstraint;
import dev.candor.inference.text.TokenBytes;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LandingTest {
    private static final String SCHEMA = """
            {"type":"object","properties":{"title":{"type":"string"},"steps":{"type":"array","items":{"type":"object","properties":{"n":{"type":"integer"},
             "why":{"type":"string","minLength":3}},"required":["n","why"],"additionalProperties":false}},"more":{"$ref":"#"}},
             "required":["title","steps"],"additionalProperties":false}""";

    @ParameterizedTest
    @ValueSource(strings = {SCHEMA, "{}", "{\"type\":\"object\"}", "{\"type\":\"array\",\"minItems\":3,\"items\":{\"type\":\"string\",\"maxLength\":9}}"})
    void aTextEndsWithinEveryBudgetThatIsEnough(String schema) throws Exception {
        TokenBytes vocabulary = TestVocabularies.real();
        int end = TestVocabularies.end(vocabulary);
        CompiledConstraint compiled = new AutomatonCompiler(vocabulary, new int[] {end}, ConstraintLimits.defaults()).compile(TestVocabularies.schema(schema));
        RandomWalk walk = new RandomWalk(vocabulary, end, new Random(1));
        int least = compiled.minTokens();
        IntStream.concat(IntStream.range(least, least + 12), IntStream.of(least + 40)).forEach(tokens -> {
            String text = walk.text(compiled, tokens);
            assertThatCode(() -> new ObjectMapper().readTree(text)).as(text).doesNotThrowAnyException();
            assertThat(text).isNotEmpty();
        });
    }

    @Test
    void tellsWhatTheBudgetLeftOut() throws Exception {
        CompiledConstraint compiled = TestVocabularies.toyCompiler().compile(TestVocabularies.schema("{\"type\":\"string\"}"));
        assertThat(compiled.minTokens()).isEqualTo(2);
        TokenConstraint cut = compiled.start();
        cut.allowed(4);
        cut.accept('"');
        cut.allowed(3);
        cut.accept('a');
        cut.allowed(2);
        cut.accept('b');
        assertThat(TestVocabularies.ids(cut.allowed(1))).contains('"').doesNotContain('a');
        assertThat(cut.unbounded().map(TestVocabularies::ids).orElseThrow()).contains('"', 'a');
        cut.accept('"');
        assertThat(cut.complete()).isTrue();
        TokenConstraint free = compiled.start();
        for (char c : "\"ab\"".toCharArray()) {
            free.allowed(50);
            assertThat(free.unbounded()).isEmpty();
            free.accept(c);
        }
        assertThat(free.complete()).isTrue();
    }

    @Test
    void outputsNestNoDeeperThanTheBound() throws Exception {
        TokenConstraint constraint = TestVocabularies.toyCompiler().compile(TestVocabularies.schema("{}")).start();
        int depth = 0;
        while (depth < 1000 && TestVocabularies.isAllowed(constraint.allowed(Integer.MAX_VALUE), '[')) {
            constraint.accept('[');
            depth++;
        }
        assertThat(depth).isBetween(50, 256);
    }

    @Test
    void manySequencesShareOneCompiledSchema() throws Exception {
        AutomatonCompiler compiler = TestVocabularies.toyCompiler();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<String> text : IntStream.range(0, 40).mapToObj(i -> threads.submit(() -> new RandomWalk(TestVocabularies.toy(), TestVocabularies.END,
                    new Random(i)).text(compiler.compile(TestVocabularies.schema(SCHEMA)), 200))).toList()) {
                assertThatCode(() -> new ObjectMapper().readTree(text.get())).doesNotThrowAnyException();
            }
        }
        assertThat(compiler.compile(TestVocabularies.schema(SCHEMA))).isSameAs(compiler.compile(TestVocabularies.schema(SCHEMA)));
    }

    @Test
    void statesThatWereForgottenAreMadeAnew() throws Exception {
        ConstraintLimits tiny = new ConstraintLimits(1 << 18, 64, 1000, 10_000, 5_000_000, 400_000, 40_000, 256, 32, 150_000, 2, 1 << 20, 1000);
        CompiledConstraint compiled = new AutomatonCompiler(TestVocabularies.toy(), new int[] {TestVocabularies.END}, tiny)
                .compile(TestVocabularies.schema(SCHEMA));
        for (int seed = 0; seed < 20; seed++) {
            String text = new RandomWalk(TestVocabularies.toy(), TestVocabularies.END, new Random(seed)).text(compiled, 150);
            assertThatCode(() -> new ObjectMapper().readTree(text)).as(text).doesNotThrowAnyException();
        }
    }
}
