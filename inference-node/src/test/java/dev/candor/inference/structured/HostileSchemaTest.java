package dev.candor.inference.structured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a schema is, compiling it ends, and what is wrong is said of the right place. */
@Timeout(300)
class HostileSchemaTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "{'properties':{'a':{'not':{}}}}; /properties/a; not", "{'type':'array','uniqueItems':true}; ``; uniqueItems", "{'if':{}}; ``; if",
        "{'$ref':'#/$defs/x'}; ``; $ref", "{'$ref':'https://example.com/s'}; ``; $ref", "{'type':'strin'}; ``; type", "{'minLength':'a'}; ``; minLength",
        "{'items':[{}]}; ``; items", "{'type':'string','pattern':'(?=a)'}; ``; pattern", "{'type':'string','format':'iri'}; ``; format",
        "{'$defs':{'a':{'$ref':'#/$defs/a'}},'$ref':'#/$defs/a'}; /$defs/a; $ref", "{'anyOf':[{'$ref':'#'},{'type':'null'}]}; ``; $ref",
        "{'oneOf':[{'type':'string'},{'minLength':2}]}; ``; oneOf", "{'type':'integer','minimum':2,'maximum':1}; ``; maximum",
        "{'allOf':[{'type':'string'},{'type':'null'}]}; ``; type", "{'type':'string','enum':[1,2]}; ``; enum", "{'multipleOf':0}; ``; multipleOf",
        "{'type':'object','properties':{'b':{'enum':[]}},'required':['b']}; /properties/b; enum", "{'required':'a'}; ``; required",
        "{'properties':{'x':{'$id':'http://a/'}}}; /properties/x; $id", "{'properties':{'a/b':5}}; /properties/a~1b; schema",
        "{'type':'object','required':['r'],'properties':{'r':{'$ref':'#'}}}; ``; schema",
    })
    void aSchemaThatIsNotSupportedIsRefusedWithItsPlace(String schema, String pointer, String keyword) {
        assertThatThrownBy(() -> Acceptance.ofSchema(schema.replace('\'', '"'))).isInstanceOfSatisfying(UnsupportedGrammarException.class, e -> {
            assertThat(e.pointer()).isEqualTo(pointer);
            assertThat(e.keyword()).isEqualTo(keyword);
            assertThat(e.getMessage()).isNotBlank();
        });
    }

    private static void refused(JsonNode schema) {
        assertThatThrownBy(() -> Acceptance.of(new Grammar.JsonSchema(schema))).isInstanceOf(UnsupportedGrammarException.class);
    }

    private static ObjectNode type(String type) {
        return NODES.objectNode().put("type", type);
    }

    @Test
    void deepSchemasAreRefused() {
        ObjectNode schema = type("null");
        for (int i = 0; i < 200; i++) {
            schema = type("array").set("items", schema);
        }
        refused(schema);
    }

    @Test
    void hugeSchemasAreRefused() {
        ObjectNode schema = type("object");
        ObjectNode properties = schema.putObject("properties");
        for (int i = 0; i < 5_000; i++) {
            properties.set("p" + i, type("string"));
        }
        refused(schema);
    }

    @Test
    void choicesWithinChoicesDoNotMultiplyWithoutEnd() {
        ObjectNode schema = NODES.objectNode();
        for (int i = 0; i < 24; i++) {
            ObjectNode both = NODES.objectNode();
            both.putArray("anyOf").add(type("object").set("properties", NODES.objectNode().set("a" + i, type("null"))))
                    .add(type("object").set("properties", NODES.objectNode().set("b" + i, type("null"))));
            schema.withArray("allOf").add(both);
        }
        refused(schema);
    }

    /** Nine hundred readings of one string, each with another length left: a mask must not follow them all. */
    @Test
    void manyAlternativesThatBeginAlikeMakeNoMaskSlow() throws Exception {
        ObjectNode schema = NODES.objectNode();
        for (int i = 0; i < 900; i++) {
            ObjectNode branch = type("object").put("additionalProperties", false);
            branch.putObject("properties").<ObjectNode>set("a", type("string").put("maxLength", 100 + i)).set("b", NODES.objectNode().put("const", i));
            branch.putArray("required").add("a").add("b");
            schema.withArray("anyOf").add(branch);
        }
        CompiledConstraint compiled = TestVocabularies.toyCompiler().compile(new Grammar.JsonSchema(schema));
        String text = new RandomWalk(TestVocabularies.toy(), TestVocabularies.END, new Random(5)).text(compiled, 120);
        assertThat(TestVocabularies.json(text).path("b").isInt()).isTrue();
    }

    @Test
    void aRefusalIsKept() {
        AutomatonCompiler compiler = TestVocabularies.toyCompiler();
        Grammar slow = new Grammar.Regex("(a|b)*a(a|b){24}");
        assertThatThrownBy(() -> compiler.compile(slow)).isInstanceOf(UnsupportedGrammarException.class).hasMessageContaining("too large");
        long before = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            assertThatThrownBy(() -> compiler.compile(slow)).hasMessageContaining("too large");
        }
        assertThat(System.nanoTime() - before).as("compiled ten thousand times it would take an hour").isLessThan(60_000_000_000L);
    }

    @Test
    void enormousCountsAreRefusedOrFollowed() throws Exception {
        assertThat(Acceptance.ofSchema("{\"type\":\"string\",\"maxLength\":2000000000}").accepts("\"abc\"")).isTrue();
        assertThat(Acceptance.ofSchema("{\"type\":\"array\",\"maxItems\":1e12}").accepts("[1,2]")).isTrue();
        refused(type("string").put("minLength", 2_000_000_000));
        refused(type("array").put("minItems", 1e300));
        refused(type("string").put("pattern", "^a").put("maxLength", 1_000_000));
        refused(type("object").put("maxProperties", 100_000_000));
    }

    @Test
    void chainsOfReferencesEnd() throws Exception {
        ObjectNode schema = NODES.objectNode().put("$ref", "#/$defs/d0");
        ObjectNode definitions = schema.putObject("$defs");
        for (int i = 0; i < 3_000; i++) {
            definitions.set("d" + i, type("array").set("items", NODES.objectNode().put("$ref", "#/$defs/d" + (i + 1) % 3_000)));
        }
        assertThat(Acceptance.of(new Grammar.JsonSchema(schema)).accepts("[[],[[]]]")).isTrue();
        for (int i = 0; i < 3_000; i++) {
            definitions.set("d" + i, NODES.objectNode().put("$ref", "#/$defs/d" + (i + 1)));
        }
        refused(schema);
    }

    @Test
    void readingsThatMultiplyAreGivenUpButTheTextStaysValid() throws Exception {
        String twice = "{\"$defs\":{\"t\":{\"anyOf\":[{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/t\"}},\"additionalProperties\":false},"
                + "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/t\"},\"b\":{\"type\":\"null\"}},\"additionalProperties\":false}]}},"
                + "\"$ref\":\"#/$defs/t\"}";
        CompiledConstraint compiled = TestVocabularies.toyCompiler().compile(TestVocabularies.schema(twice));
        assertThat(new Acceptance(compiled).accepts("{\"a\":".repeat(20) + "{}" + "}".repeat(20))).isTrue();
        String text = new RandomWalk(TestVocabularies.toy(), TestVocabularies.END, new Random(3)).text(compiled, 400);
        assertThat(TestVocabularies.json(text).isObject()).isTrue();
    }
}
