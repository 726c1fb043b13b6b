package dev.candor.attestation.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CoseSign1Test {
    private static final Path VECTORS = Path.of(System.getProperty("candor.shared", "absent"), "vectors", "standards", "cose");
    private static final int MAX = 1 << 16;
    private static final Map<String, String> NOT_FOR_US = Map.of(
            "gluecose_sign1-verify-0004.json", "RSASSA-PSS",
            "gluecose_sign1-verify-0005.json", "RSASSA-PSS",
            "gluecose_sign1-verify-0006.json", "RSASSA-PSS",
            "countersign_signed1-01.json", "its header map is not sorted, so its encoding is not deterministic");
    private static final Map<String, String> STRICTER_HERE = Map.of("sign1-tests_sign-pass-03.json", "untagged, and a receipt is tagged");

    /** Made by {@code oracles/standards.py} with OpenSSL's signatures. */
    @TestFactory
    Stream<DynamicTest> theVectorsVerifyAndChangedOnesDoNot() throws Exception {
        Path file = Path.of(System.getProperty("candor.root"), "oracles", "standards", "cose.json");
        return new ObjectMapper().readTree(file.toFile()).valueStream()
                .map(vector -> DynamicTest.dynamicTest(vector.get("name").textValue(), () -> checkOwn(vector)));
    }

    private static void checkOwn(JsonNode vector) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(vector.get("cbor").textValue());
        byte[] external = HexFormat.of().parseHex(vector.get("external").textValue());
        assertThat(verifies(bytes, external, new CoseVectorKey(vector.get("key")))).isEqualTo(vector.get("verifies").booleanValue());
        if (vector.has("toBeSigned")) {
            assertThat(CoseSign1.parse(bytes, MAX).toBeSigned(external)).asHexString().isEqualToIgnoringCase(vector.get("toBeSigned").textValue());
        }
    }

    @TestFactory
    Stream<DynamicTest> theWorkingGroupsVectorsVerifyAndItsBadOnesDoNot() throws Exception {
        if (!Files.isDirectory(VECTORS)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.list(VECTORS)) {
            return files.sorted()
                    .filter(file -> !NOT_FOR_US.containsKey(file.getFileName().toString()))
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)))
                    .toList()
                    .stream();
        }
    }

    private static void check(Path file) throws Exception {
        JsonNode vector = new ObjectMapper().readTree(file.toFile());
        boolean glue = vector.has("sign1::verify");
        JsonNode key = glue ? vector.get("key") : vector.at("/input/sign0/key");
        String hex = glue ? vector.at("/sign1::verify/taggedCOSESign1/cborHex").asText() : vector.at("/output/cbor").asText();
        String external = glue ? vector.at("/sign1::verify/external").asText("") : vector.at("/input/sign0/external").asText("");
        boolean good = glue ? vector.at("/sign1::verify/shouldVerify").asBoolean() : !vector.path("fail").asBoolean(false);
        boolean wanted = good && !STRICTER_HERE.containsKey(file.getFileName().toString());
        assertThat(verifies(HexFormat.of().parseHex(hex), HexFormat.of().parseHex(external), new CoseVectorKey(key))).isEqualTo(wanted);
        if (wanted && vector.at("/intermediates/ToBeSign_hex").isTextual()) {
            byte[] toBeSigned = CoseSign1.parse(HexFormat.of().parseHex(hex), MAX).toBeSigned(HexFormat.of().parseHex(external));
            assertThat(HexFormat.of().withUpperCase().formatHex(toBeSigned)).isEqualTo(vector.at("/intermediates/ToBeSign_hex").asText());
        }
    }

    private static boolean verifies(byte[] bytes, byte[] external, CoseVectorKey key) throws Exception {
        CoseSign1 message;
        try {
            message = CoseSign1.parse(bytes, MAX);
        } catch (CoseException e) {
            return false;
        }
        assertThat(message.encode()).isEqualTo(bytes);
        long algorithm = message.algorithm().orElseGet(() -> unprotectedAlgorithm(message));
        return CoseVectorKey.knows(algorithm) && key.verifies(algorithm, message.toBeSigned(external), message.signature());
    }

    /** One vector of the working group moves the algorithm out of the protected header; a receipt may not. */
    private static long unprotectedAlgorithm(CoseSign1 message) {
        return message.unprotectedHeader().get(new Cbor.Int(CoseSign1.ALG)).map(value -> ((Cbor.Int) value).value().longValue()).orElse(0L);
    }

    @Test
    void aMessageSurvivesItsEncoding() throws Exception {
        Cbor.Map header = new Cbor.Map(List.of(new Cbor.Entry(new Cbor.Int(1), new Cbor.Int(-47))));
        CoseSign1 message = CoseSign1.of(header, new byte[] {1, 2, 3}, new byte[64]);
        CoseSign1 read = CoseSign1.parse(message.encode(), MAX);
        assertThat(read.payload()).isEqualTo(new byte[] {1, 2, 3});
        assertThat(read.algorithm()).contains(-47L);
        assertThat(read.toBeSigned(new byte[0])).isEqualTo(CoseSign1.toBeSigned(header, new byte[] {1, 2, 3}));
    }

    @Test
    void otherShapesAreRefusedWithTheirReason() {
        refused("d284", "more items announced");
        refused("d28443a10126a04000", "[bstr, map, bstr, bstr]");
        refused("d28343a10126a040", "[bstr, map, bstr, bstr]");
        refused("d28543a10126a0404040", "[bstr, map, bstr, bstr]");
        refused("8443a10126a04040", "tag 18");
        refused("d18443a10126a04040", "tag 18");
        refused("d28443a10126a0f640", "[bstr, map, bstr, bstr]");
        refused("d28443a10126a101264040", "both protected and unprotected");
        refused("d28443a1f526a04040", "header label");
        refused("d28440a1f5264040", "header label");
        refused("d2844180a04040", "not a map");
        refused("d28443a10126a0404000", "trailing");
    }

    private static void refused(String hex, String reason) {
        assertThatThrownBy(() -> CoseSign1.parse(HexFormat.of().parseHex(hex), MAX)).isInstanceOf(CoseException.class).hasMessageContaining(reason);
    }
}
