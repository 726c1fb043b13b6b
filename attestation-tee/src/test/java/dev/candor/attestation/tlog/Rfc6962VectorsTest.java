package dev.candor.attestation.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The proof vectors that {@code oracles/standards.py} makes by the RFC's definitions, and those of transparency-dev/merkle where they are at hand. */
class Rfc6962VectorsTest {
    private static final int SHARED_VECTORS = 196;
    private static final Path SHARED = Path.of(System.getProperty("candor.shared", "absent"), "vectors/standards/rfc6962");

    private final ObjectMapper json = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> inclusionProofsVerifyAsTheVectorsSay() throws IOException {
        return tests("inclusion", this::verifyInclusion);
    }

    @TestFactory
    Stream<DynamicTest> consistencyProofsVerifyAsTheVectorsSay() throws IOException {
        return tests("consistency", this::verifyConsistency);
    }

    @Test
    void allSharedVectorsAreRead() throws IOException {
        assertThat(files("inclusion").size() + files("consistency").size()).isEqualTo(Files.isDirectory(SHARED) ? SHARED_VECTORS : 0);
    }

    @FunctionalInterface
    private interface Verification {
        void run(JsonNode vector) throws Exception;
    }

    private Stream<DynamicTest> tests(String kind, Verification verification) throws IOException {
        Path own = Path.of(System.getProperty("candor.root"), "oracles", "standards", kind + ".json");
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : json.readTree(own.toFile())) {
            tests.add(test(tests.size() + ": " + vector.get("desc").textValue(), vector, verification));
        }
        for (Path file : files(kind)) {
            tests.add(test(file.getParent().getFileName() + "/" + file.getFileName(), json.readTree(file.toFile()), verification));
        }
        return tests.stream();
    }

    private static DynamicTest test(String name, JsonNode vector, Verification verification) {
        return DynamicTest.dynamicTest(name, () -> {
            if (vector.get("wantErr").booleanValue()) {
                assertThatThrownBy(() -> verification.run(vector))
                        .isInstanceOfAny(LogProofException.class, IllegalArgumentException.class);
            } else {
                assertThatCode(() -> verification.run(vector)).doesNotThrowAnyException();
            }
        });
    }

    private void verifyInclusion(JsonNode v) throws Exception {
        new InclusionProof(v.get("leafIdx").bigIntegerValue().longValue(), v.get("treeSize").longValue(), proof(v))
                .verify(root(v.get("leafHash")), root(v.get("root")));
    }

    private void verifyConsistency(JsonNode v) throws Exception {
        new ConsistencyProof(v.get("size1").longValue(), v.get("size2").longValue(), proof(v))
                .verify(root(v.get("root1")), root(v.get("root2")));
    }

    private static List<Digest> proof(JsonNode vector) throws IOException {
        List<Digest> proof = new ArrayList<>();
        for (JsonNode hash : vector.get("proof")) {
            proof.add(Digest.of(hash.binaryValue()));
        }
        return proof;
    }

    /** Some vectors have words in place of roots; what matters of these is whether they are equal. */
    private static Digest root(JsonNode base64) throws IOException {
        byte[] bytes = base64.binaryValue();
        boolean words = bytes.length > 0 && bytes.length < MerkleHash.BYTES;
        return words ? Digest.sha256(bytes) : Digest.of(bytes);
    }

    private static List<Path> files(String kind) throws IOException {
        if (!Files.isDirectory(SHARED)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(SHARED.resolve(kind))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
