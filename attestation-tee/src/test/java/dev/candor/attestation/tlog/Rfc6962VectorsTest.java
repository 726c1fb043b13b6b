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
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The proof vectors of transparency-dev/merkle. */
class Rfc6962VectorsTest {
    private static final int VECTORS = 196;

    private final ObjectMapper json = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> inclusionProofsVerifyAsTheVectorsSay() throws IOException {
        return files("inclusion").stream().map(file -> test(file, this::verifyInclusion));
    }

    @TestFactory
    Stream<DynamicTest> consistencyProofsVerifyAsTheVectorsSay() throws IOException {
        return files("consistency").stream().map(file -> test(file, this::verifyConsistency));
    }

    @Test
    void allVectorsAreRead() throws IOException {
        assertThat(files("inclusion").size() + files("consistency").size()).isEqualTo(VECTORS);
    }

    @FunctionalInterface
    private interface Verification {
        void run(JsonNode vector) throws Exception;
    }

    private DynamicTest test(Path file, Verification verification) {
        return DynamicTest.dynamicTest(file.getParent().getFileName() + "/" + file.getFileName(), () -> {
            JsonNode vector = json.readTree(file.toFile());
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
        Path folder = Path.of(System.getProperty("candor.shared", "absent"), "vectors/standards/rfc6962", kind);
        Assumptions.assumeTrue(Files.isDirectory(folder), "the shared vectors are not on this machine");
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
