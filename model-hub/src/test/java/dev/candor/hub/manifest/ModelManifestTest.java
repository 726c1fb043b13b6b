package dev.candor.hub.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.attestation.digest.Digest;
import dev.candor.hub.testing.MutatedBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelManifestTest {
    private static final ManifestFile A = file("a.bin");
    private static final ManifestFile B = file("b/c.bin");
    private static final ModelManifest MANIFEST = ModelManifest.of("p/n@1", "q8", "Apache-2.0", List.of(B, A));

    private final ManifestReader reader = new ManifestReader();
    private final ManifestWriter writer = new ManifestWriter();

    /** One of our own, signed by model-signing 1.1.1, and the project's where they are at hand. */
    private static Stream<Path> signedModels() {
        Path shared = Path.of(System.getProperty("candor.shared", "")).resolve("vectors/standards/oms/model-transparency");
        Path own = Path.of(System.getProperty("candor.root"), "model-hub", "src", "test", "resources", "openssf");
        return Stream.concat(
                Stream.of(own), Stream.of("v1.0.1-elliptic-key", "v1.1.0-certificate").map(shared::resolve).filter(Files::isDirectory));
    }

    @ParameterizedTest
    @MethodSource("signedModels")
    void theRootDigestIsThatOfOpenSsfModelSigning(Path folder) throws IOException {
        JsonNode bundle = new ObjectMapper().readTree(folder.resolve("model.sig").toFile());
        JsonNode statement = new ObjectMapper().readTree(Base64.getDecoder().decode(bundle.at("/dsseEnvelope/payload").textValue()));
        List<ManifestFile> files = new ArrayList<>();
        for (JsonNode resource : statement.at("/predicate/resources")) {
            Path file = folder.resolve(resource.get("name").textValue());
            Digest digest = ManifestVerifier.hash(file, bytes -> {});
            assertThat(digest.hex()).isEqualTo(resource.get("digest").textValue());
            files.add(new ManifestFile(resource.get("name").textValue(), Files.size(file), digest));
        }

        assertThat(ModelManifest.rootDigest(files).hex()).isEqualTo(statement.at("/subject/0/digest/sha256").textValue());
    }

    @Test
    void sortsBySegmentAsOpenSsfModelSigningDoes() {
        ModelManifest manifest = ModelManifest.of("p/n@1", "q8", "MIT", List.of(file("a-b"), file("a/b"), file("B"), file("a")));

        assertThat(manifest.files()).extracting(ManifestFile::path).containsExactly("B", "a", "a/b", "a-b");
    }

    @Test
    void isReadAsItWasWritten() throws IOException {
        assertThat(reader.read(writer.write(MANIFEST))).isEqualTo(MANIFEST);
        assertThat(reader.read(writer.write(MANIFEST.converted()))).isEqualTo(MANIFEST.converted()).isNotEqualTo(MANIFEST);
        assertThat(MANIFEST.converted().digest()).as("who made the files is no part of them").isEqualTo(MANIFEST.digest());
        assertThat(writer.write(MANIFEST)).isEqualTo(writer.write(MANIFEST));
    }

    @Test
    void refusesFilesThatDoNotGiveTheRootDigest() {
        assertThatThrownBy(() -> new ModelManifest("p/n@1", "q8", "MIT", List.of(A), MANIFEST.digest()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its files give");
        assertRefused("\"" + A.sha256().hex(), "\"" + "0".repeat(64), "its files give");
    }

    @Test
    void refusesUnsortedRepeatedAndSelfListedFiles() {
        assertThatThrownBy(() -> new ModelManifest("p/n@1", "q8", "MIT", List.of(B, A), ModelManifest.rootDigest(List.of(B, A))))
                .hasMessageContaining("not sorted");
        assertThatThrownBy(() -> ModelManifest.of("p/n@1", "q8", "MIT", List.of(A, A))).hasMessageContaining("twice");
        assertThatThrownBy(() -> ModelManifest.of("p/n@1", "q8", "MIT", List.of(file("manifest.json")))).hasMessageContaining("itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/", "a//b", "../a", "a/../b", "./a", "a/.", "a\\b", "c:a", "a\u0000b", "a\nb", "\u00e4"})
    void refusesPathsThatAreNotPlainAndRelative(String path) {
        assertThatThrownBy(() -> file(path)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatIsNoManifest() {
        assertRefused("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v2", "_type");
        assertRefused("signature/v1.0", "signature/v9", "predicateType");
        assertRefused("\"allow_symlinks\" : false", "\"allow_symlinks\" : true", "allow_symlinks");
        assertRefused("\"method\" : \"files\"", "\"method\" : \"shards\"", "method");
        assertRefused("\"size\" : 3", "\"size\" : -3", "size");
        assertRefused("\"size\" : 3", "\"size\" : 3, \"size\" : 3", "Duplicate");
        assertRefused("\"size\" : 3", "\"size\" : 3, \"extra\" : 1", "extra");
        assertRefused("a.bin", "../a.bin", "relative");
        assertRefused("p/n@1", "p/n", "publisher/name@version");
        assertThatThrownBy(() -> reader.read("[]".getBytes(StandardCharsets.UTF_8))).isInstanceOf(ManifestException.class);
        assertThatThrownBy(() -> reader.read(new byte[ManifestReader.MAX_BYTES + 1])).hasMessageContaining("more than");
    }

    @Test
    void damagedBytesAreRefusedOrReadAsAnEqualManifest() throws IOException {
        new MutatedBytes(writer.write(MANIFEST), 2000, 1).forEach(ModelManifestTest::readAnything);
    }

    @FuzzTest
    void anyBytesAreRefusedOrReadWithTheirRootDigest(byte[] bytes) {
        readAnything(bytes);
    }

    private static void readAnything(byte[] bytes) {
        try {
            ModelManifest manifest = new ManifestReader().read(bytes);
            assertThat(manifest.digest()).isEqualTo(ModelManifest.rootDigest(manifest.files()));
        } catch (ManifestException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private void assertRefused(String good, String bad, String message) {
        assertThatThrownBy(() -> {
                    String text = new String(writer.write(MANIFEST), StandardCharsets.UTF_8);
                    assertThat(text).contains(good);
                    reader.read(text.replace(good, bad).getBytes(StandardCharsets.UTF_8));
                })
                .isInstanceOf(ManifestException.class)
                .hasMessageContaining(message);
    }

    private static ManifestFile file(String path) {
        return new ManifestFile(path, 3, Digest.sha256(path.getBytes(StandardCharsets.UTF_8)));
    }
}
