package dev.candor.inference.structured;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.text.TokenBytes;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a schema or a regular expression is, the end is a constraint that can be followed or an {@link UnsupportedGrammarException}, soon. */
class StructuredFuzzTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ConstraintLimits LIMITS = new ConstraintLimits(1 << 16, 32, 100, 200, 300_000, 20_000, 2_000, 60, 16, 50_000, 4, 1 << 20, 1 << 20);
    private static final TokenBytes VOCABULARY = TestVocabularies.toy();
    private static final List<String> REGEX = List.of("a", "b", "(", ")", "[", "]", "{", "}", "1", "2,", ",", "9", "*", "+", "?", "|", "^", "$", ".", "-", "\\", "\\d", "\\W",
            "\\p{L}", "\\u", "\\x4", "(?:", "(?=", "(?<n>", "é", "😀", "[^", "{2,5}", "{0,300}");
    private static final List<String> SCHEMAS = List.of(
            "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#\"},\"b\":{\"enum\":[1,\"x\",null]}},\"required\":[\"b\"],\"additionalProperties\":{\"type\":\"string\"}}",
            "{\"anyOf\":[{\"type\":\"array\",\"prefixItems\":[true,false],\"items\":{\"minimum\":3}},{\"pattern\":\"^a{2,}\",\"maxLength\":5}],\"minItems\":1}",
            "{\"oneOf\":[{\"const\":1},{\"type\":\"string\",\"format\":\"date\"}],\"$defs\":{\"x\":{\"allOf\":[{\"$ref\":\"#/$defs/x\"}]}}}",
            "{\"type\":[\"number\",\"null\"],\"multipleOf\":0.5,\"exclusiveMinimum\":-3.25,\"maximum\":1e2,\"minProperties\":1,\"patternProperties\":{\"a\":{}}}");

    @FuzzTest(maxDuration = "2m")
    void schemasEnd(FuzzedDataProvider data) {
        try {
            check(new Grammar.JsonSchema(JSON.readTree(data.consumeRemainingAsString())));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // No JSON: not the compiler's affair.
        }
    }

    @FuzzTest(maxDuration = "2m")
    void regularExpressionsEnd(FuzzedDataProvider data) {
        check(new Grammar.Regex(data.consumeRemainingAsString()));
    }

    private static void check(Grammar grammar) {
        try {
            CompiledConstraint compiled = new AutomatonCompiler(VOCABULARY, new int[] {TestVocabularies.END}, LIMITS).compile(grammar);
            new RandomWalk(VOCABULARY, TestVocabularies.END, new Random(1)).text(compiled, Math.min(400, compiled.minTokens() + 10));
        } catch (UnsupportedGrammarException expected) {
            if (expected.getMessage() == null || expected.getMessage().isBlank()) {
                throw new AssertionError("no message for " + grammar, expected);
            }
        } catch (RuntimeException | Error e) {
            throw new AssertionError("failed on " + grammar, e);
        }
    }

    @Test
    void survivesExpressionsMadeOfPieces() {
        Random random = new Random(11);
        for (int i = 0; i < 600; i++) {
            StringBuilder regex = new StringBuilder();
            for (int k = random.nextInt(10); k >= 0; k--) {
                regex.append(REGEX.get(random.nextInt(REGEX.size())));
            }
            check(new Grammar.Regex(regex.toString()));
        }
    }

    @Test
    void survivesMixedUpSchemas() throws JsonProcessingException {
        Random random = new Random(12);
        for (int i = 0; i < 600; i++) {
            JsonNode schema = JSON.readTree(SCHEMAS.get(random.nextInt(SCHEMAS.size())));
            for (int k = random.nextInt(4); k >= 0; k--) {
                mix(schema, JSON.readTree(SCHEMAS.get(random.nextInt(SCHEMAS.size()))), random);
            }
            check(new Grammar.JsonSchema(schema));
        }
    }

    private static void mix(JsonNode into, JsonNode from, Random random) {
        JsonNode part = random(from, random, 3);
        JsonNode place = random(into, random, random.nextInt(3));
        if (place instanceof ObjectNode object && from instanceof ObjectNode other) {
            List<String> names = List.copyOf(other.propertyStream().map(Map.Entry::getKey).toList());
            object.set(names.get(random.nextInt(names.size())), part);
        } else if (place instanceof ArrayNode array) {
            array.add(part);
        }
    }

    private static JsonNode random(JsonNode node, Random random, int steps) {
        JsonNode at = node;
        for (int i = 0; i < steps && !at.isEmpty(); i++) {
            int chosen = random.nextInt(at.size());
            JsonNode next = at;
            int k = 0;
            for (JsonNode child : at) {
                next = k++ == chosen ? child : next;
            }
            at = next;
        }
        return at;
    }
}
