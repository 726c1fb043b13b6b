package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.crypto.Hash;
import org.web3j.utils.Numeric;

class ReceiptAnchorTest {
    private static final Digest ORIGIN = Digest.sha256("candor.node/test".getBytes());

    @TempDir
    static Path home;

    private static TestChain chain;
    private static Calls calls;
    private static AnchorContract contract;

    @BeforeAll
    static void start() throws Exception {
        chain = TestChain.start(home);
        calls = new Calls(chain);
        contract = new AnchorContract(chain.client(), chain.addresses().anchor().orElseThrow());
    }

    @AfterAll
    static void stop() {
        chain.close();
    }

    @Test
    void rootsAreChainedPerAccountAndGrow() throws Exception {
        Digest first = Digest.sha256(new byte[] {1});
        Digest second = Digest.sha256(new byte[] {2});
        calls.send(TestChain.OPERATOR, contract.address(), AnchorContract.anchorCall(ORIGIN, 5, first));
        calls.send(TestChain.OPERATOR, contract.address(), AnchorContract.anchorCall(ORIGIN, 9, second));
        String head = link(link("0".repeat(64), 0, 5, first), 1, 9, second);
        assertThat(contract.headOf(TestChain.OPERATOR.address())).isEqualTo(new AnchorHead(head, 2, 9));
        assertThat(contract.headOf(TestChain.WALLET.address())).isEqualTo(new AnchorHead("0".repeat(64), 0, 0));
        assertThat(calls.outcome(
                        TestChain.OPERATOR.address(), contract.address(), AnchorContract.anchorCall(ORIGIN, 9, second)))
                .isEqualTo("SizeNotGrown");
    }

    private static String link(String head, long index, long size, Digest root) {
        return Hash.sha3("0x" + head + ORIGIN.hex() + word(index) + word(size) + root.hex()).substring(2);
    }

    private static String word(long value) {
        return Numeric.toHexStringNoPrefixZeroPadded(BigInteger.valueOf(value), 64);
    }

    @Test
    void inclusionProofsAreCheckedAsRfc9162Says() throws Exception {
        int good = 0;
        int bad = 0;
        for (JsonNode vector : vectors()) {
            if (!fits(vector)) {
                continue;
            }
            boolean wanted = !vector.path("wantErr").asBoolean();
            boolean taken = contract.verifyInclusion(
                    hash(vector.path("root")),
                    vector.path("treeSize").asLong(),
                    hash(vector.path("leafHash")),
                    vector.path("leafIdx").asLong(),
                    hashes(vector));
            assertThat(taken).as(vector.toString()).isEqualTo(wanted);
            good += wanted ? 1 : 0;
            bad += wanted ? 0 : 1;
        }
        assertThat(good).isGreaterThanOrEqualTo(4);
        assertThat(bad).isGreaterThanOrEqualTo(20);
    }

    /** Those that {@code oracles/standards.py} makes, and the shared ones where they are at hand. */
    private static List<JsonNode> vectors() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> vectors = new ArrayList<>();
        json.readTree(Path.of(System.getProperty("candor.root"), "oracles", "standards", "inclusion.json").toFile()).forEach(vectors::add);
        Path shared = Path.of(System.getProperty("candor.shared", "absent"), "vectors", "standards", "rfc6962", "inclusion");
        if (Files.isDirectory(shared)) {
            try (Stream<Path> all = Files.walk(shared)) {
                for (Path file : all.filter(file -> file.toString().endsWith(".json")).toList()) {
                    vectors.add(json.readTree(file.toFile()));
                }
            }
        }
        return vectors;
    }

    /** Whether the ABI can carry it at all: hashes of 32 bytes, numbers not negative. */
    private static boolean fits(JsonNode vector) {
        boolean sized = vector.path("leafIdx").asLong() >= 0 && vector.path("treeSize").asLong() >= 0;
        Stream<JsonNode> nodes = Stream.concat(
                Stream.of(vector.path("root"), vector.path("leafHash")), vector.path("proof").valueStream());
        return sized && nodes.allMatch(node -> decode(node).length == 32);
    }

    private static List<Digest> hashes(JsonNode vector) {
        List<Digest> proof = new ArrayList<>();
        vector.path("proof").forEach(node -> proof.add(hash(node)));
        return proof;
    }

    private static Digest hash(JsonNode text) {
        return Digest.of(decode(text));
    }

    private static byte[] decode(JsonNode text) {
        return Base64.getDecoder().decode(text.asText());
    }
}
