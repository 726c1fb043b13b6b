package dev.candor.attestation.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {
    /** Where they are at hand; the RFC's own examples are below. */
    @TestFactory
    Stream<DynamicTest> theReferenceVectorsComeOutByteForByte() {
        Path vectors = Path.of(System.getProperty("candor.shared", "absent"), "vectors", "standards", "jcs");
        return Stream.of("arrays", "french", "structures", "unicode", "values", "weird")
                .filter(name -> Files.isDirectory(vectors))
                .map(name -> DynamicTest.dynamicTest(name, () -> comesOut(vectors, name)));
    }

    private static void comesOut(Path vectors, String name) throws Exception {
        byte[] wanted = Files.readAllBytes(vectors.resolve("output").resolve(name + ".json"));
        assertThat(CanonicalJson.canonicalize(Files.readAllBytes(vectors.resolve("input").resolve(name + ".json")))).isEqualTo(wanted);
        assertThat(CanonicalJson.canonicalize(wanted)).isEqualTo(wanted);
    }

    @Test
    void aFloatIsWhatItsTextIsReadAs() throws Exception {
        JsonNode made = JsonNodeFactory.instance.objectNode().put("p", -0.1f).put("q", 1e-30f).put("whole", 3f);
        byte[] sent = made.toString().getBytes(StandardCharsets.UTF_8);

        assertThat(CanonicalJson.bytes(made)).isEqualTo(CanonicalJson.canonicalize(sent));
    }

    /** RFC 8785, sections 3.2.2 and 3.2.4. */
    @Test
    void theRfcsFirstExampleComesOutAsItSays() throws Exception {
        String wanted = "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                + "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        assertThat(canonical("""
                {
                  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                  "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                  "literals": [null, true, false]
                }""")).isEqualTo(wanted);
        assertThat(canonical(wanted)).isEqualTo(wanted);
    }

    /** RFC 8785, section 3.2.3. */
    @Test
    void theRfcsExampleOfSortingComesOutAsItSays() throws Exception {
        assertThat(canonical("""
                {
                  "\\u20ac": "Euro Sign",
                  "\\r": "Carriage Return",
                  "\\ufb33": "Hebrew Letter Dalet With Dagesh",
                  "1": "One",
                  "\\ud83d\\ude00": "Emoji: Grinning Face",
                  "\\u0080": "Control",
                  "\\u00f6": "Latin Small Letter O With Diaeresis"
                }""")).isEqualTo("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                + "\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    /** RFC 8785, appendix B. */
    @ParameterizedTest
    @CsvSource({
        "0000000000000000,0",
        "8000000000000000,0",
        "0000000000000001,5e-324",
        "8000000000000001,-5e-324",
        "7fefffffffffffff,1.7976931348623157e+308",
        "ffefffffffffffff,-1.7976931348623157e+308",
        "4340000000000000,9007199254740992",
        "c340000000000000,-9007199254740992",
        "4430000000000000,295147905179352830000",
        "44b52d02c7e14af5,9.999999999999997e+22",
        "44b52d02c7e14af6,1e+23",
        "44b52d02c7e14af7,1.0000000000000001e+23",
        "444b1ae4d6e2ef4e,999999999999999700000",
        "444b1ae4d6e2ef4f,999999999999999900000",
        "444b1ae4d6e2ef50,1e+21",
        "3eb0c6f7a0b5ed8c,9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d,0.000001",
        "41b3de4355555553,333333333.3333332",
        "41b3de4355555554,333333333.33333325",
        "41b3de4355555555,333333333.3333333",
        "41b3de4355555556,333333333.3333334",
        "41b3de4355555557,333333333.33333343",
        "becbf647612f3696,-0.0000033333333333333333",
        "43143ff3c1cb0959,1424953923781206.2"
    })
    void numbersAreWrittenAsTheRfcLists(String bits, String wanted) throws Exception {
        JsonNode number = JsonNodeFactory.instance.numberNode(Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16)));
        assertThat(new String(CanonicalJson.bytes(number), StandardCharsets.US_ASCII)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {"1.0 1", "1E2 100", "-0 0", "-0.0 0", "9007199254740993 9007199254740992", "0.1e-6 1e-7", "1e21 1e+21"})
    void numbersInTextBecomeDoubles(String text, String wanted) throws Exception {
        assertThat(canonical(text)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":1}", "[1e400]", "[NaN]", "\"\\ud800\"", "\"\\udc00\\ud800\"", "{\"\\ud83d\":1}", "{} {}", "",
        "[1,]", "{'a':1}", "[01]", "\ufeff{}", "/* */ {}", "nul"
    })
    void whatIsNotStrictJsonIsRefused(String text) {
        assertThatThrownBy(() -> canonical(text)).isInstanceOf(InvalidJsonException.class);
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedAlsoWhereTheyAreAnotherUnicodeEncoding() {
        assertThatThrownBy(() -> CanonicalJson.canonicalize(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'})).hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> CanonicalJson.canonicalize("{}".getBytes(StandardCharsets.UTF_16LE))).isInstanceOf(InvalidJsonException.class);
    }

    @Test
    void nestingIsBounded() throws Exception {
        String deepest = "[".repeat(StrictJson.MAX_DEPTH) + "]".repeat(StrictJson.MAX_DEPTH);
        assertThat(canonical(deepest)).isEqualTo(deepest);
        assertThatThrownBy(() -> canonical("[" + deepest + "]")).isInstanceOf(InvalidJsonException.class);
        assertThatThrownBy(() -> canonical("[".repeat(1_000_000))).isInstanceOf(InvalidJsonException.class);
        JsonNode node = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < 100; i++) {
            node = JsonNodeFactory.instance.arrayNode().add(node);
        }
        JsonNode deep = node;
        assertThatThrownBy(() -> CanonicalJson.bytes(deep)).isInstanceOf(InvalidJsonException.class).hasMessageContaining("deeper");
    }

    @Test
    void membersAreSortedByUtf16CodeUnits() throws Exception {
        assertThat(canonical("{\"\uffff\":1,\"\ud83d\ude00\":2,\"b\":3,\"a\":4,\"\":5}"))
                .isEqualTo("{\"\":5,\"a\":4,\"b\":3,\"\ud83d\ude00\":2,\"\uffff\":1}");
    }

    private static String canonical(String json) throws InvalidJsonException {
        return new String(CanonicalJson.canonicalize(json.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
}
