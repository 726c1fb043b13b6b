package dev.candor.inference.structured;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import dev.candor.inference.text.TokenBytes;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random schemas: what the automaton lets a model say is valid by another's validator, and what is valid there may be said. */
class SchemaAgainstValidatorTest {
    private static final int SCHEMAS = 120;
    private static final int TEXTS = 4;
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private static JsonSchema validator(JsonNode schema) {
        SchemaValidatorsConfig config = SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema, config);
    }

    @Test
    void whatItAllowsValidatesAndTheReverse() throws Exception {
        Random random = new Random(20261121);
        TokenBytes vocabulary = TestVocabularies.real();
        int end = TestVocabularies.end(vocabulary);
        AutomatonCompiler compiler = new AutomatonCompiler(vocabulary, new int[] {end}, ConstraintLimits.defaults());
        AutomatonCompiler bytes = TestVocabularies.toyCompiler();
        RandomWalk walk = new RandomWalk(vocabulary, end, random);
        RandomSchema schemas = new RandomSchema(random);
        int compiled = 0;
        int accepted = 0;
        for (int i = 0; i < SCHEMAS; i++) {
            JsonNode schema = schemas.schema();
            CompiledConstraint constraint;
            try {
                constraint = compiler.compile(new Grammar.JsonSchema(schema));
            } catch (UnsupportedGrammarException e) {
                assertThat(e.getMessage()).as("schema %s", schema).doesNotContain("steps");
                continue;
            }
            compiled++;
            JsonSchema validator = validator(schema);
            for (int k = 0; k < TEXTS; k++) {
                // Down to the least that is enough, where every token must lead to the end.
                int tokens = k == 0 ? Math.max(1, constraint.minTokens()) : constraint.minTokens() + random.nextInt(60) * k;
                String text = walk.text(constraint, tokens);
                assertThat(validator.validate(JSON.readTree(text))).as("%s by %s", text, schema).isEmpty();
            }
            accepted += reverse(schemas, schema, validator, new Acceptance(bytes.compile(new Grammar.JsonSchema(schema))));
        }
        assertThat(compiled).isGreaterThan(SCHEMAS / 2);
        assertThat(accepted).isGreaterThan(SCHEMAS / 2);
    }

    private static int reverse(RandomSchema schemas, JsonNode schema, JsonSchema validator, Acceptance acceptance) {
        int accepted = 0;
        for (int i = 0; i < 25; i++) {
            JsonNode value = schemas.value(2);
            boolean valid = validator.validate(value).isEmpty();
            boolean said = NormalForms.of(value).stream().anyMatch(form -> acceptance.accepts(JsonText.of(form)));
            assertThat(said).as("%s by %s", value, schema).isEqualTo(valid);
            accepted += said ? 1 : 0;
        }
        return accepted;
    }
}
