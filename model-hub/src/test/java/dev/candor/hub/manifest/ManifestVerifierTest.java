package dev.candor.hub.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.hub.testing.ToyModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestVerifierTest {
    private final ManifestVerifier verifier = new ManifestVerifier();

    @TempDir
    Path temp;

    private Path folder;

    @BeforeEach
    void makeAModel() throws IOException {
        folder = temp.resolve("toy");
        ToyModels.write(folder);
    }

    @Test
    void acceptsAModelAsItWasPublished() throws IOException {
        List<Long> progress = new ArrayList<>();
        VerifiedModel model = verifier.verify(folder, progress::add);

        assertThat(model.folder()).isEqualTo(folder.toAbsolutePath());
        assertThat(model.graph()).exists();
        assertThat(model.tokenizer()).exists();
        assertThat(model.chatTemplate()).exists();
        assertThat(progress).isSorted();
        assertThat(progress.getLast()).isEqualTo(model.manifest().totalSize());
    }

    @Test
    void refusesOneFlippedBit() throws IOException {
        Path weights = folder.resolve("model.onnx.data");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length / 2] ^= 1;
        Files.write(weights, bytes);

        assertRefused("model.onnx.data has digest");
    }

    @Test
    void refusesAnotherLength() throws IOException {
        Files.write(folder.resolve("tokenizer.json"), new byte[1], StandardOpenOption.APPEND);

        assertRefused("tokenizer.json has");
    }

    @Test
    void refusesAFileTooFew() throws IOException {
        Files.delete(folder.resolve("tokenizer.json"));

        assertRefused("lacks tokenizer.json");
    }

    @Test
    void refusesAFileTooMany() throws IOException {
        Files.createDirectories(folder.resolve("sub"));
        Files.writeString(folder.resolve("sub/extra"), "x");

        assertRefused("holds sub/extra");
    }

    @Test
    void refusesALinkEvenToTheSameBytes() throws IOException {
        Path moved = Files.move(folder.resolve("tokenizer.json"), temp.resolve("elsewhere"));
        Files.createSymbolicLink(folder.resolve("tokenizer.json"), moved);

        assertRefused("no links");
    }

    @Test
    void refusesAFolderWithoutManifest() throws IOException {
        Files.delete(folder.resolve(ModelManifest.FILE_NAME));

        assertRefused("manifest.json is missing");
    }

    @Test
    void refusesAConfigurationThatNamesUnlistedFiles() throws IOException {
        Path config = folder.resolve(ModelConfigJson.FILE_NAME);
        Files.writeString(config, Files.readString(config).replace("tokenizer.json", "other.json"));
        ModelManifest old = new ManifestReader().read(Files.readAllBytes(folder.resolve(ModelManifest.FILE_NAME)));
        List<ManifestFile> files = new ArrayList<>();
        for (ManifestFile file : old.files()) {
            Path path = folder.resolve(file.path());
            files.add(new ManifestFile(file.path(), Files.size(path), ManifestVerifier.hash(path, bytes -> {})));
        }
        ModelManifest signed = ModelManifest.of(old.name(), old.form(), old.licence(), files);
        Files.write(folder.resolve(ModelManifest.FILE_NAME), new ManifestWriter().write(signed));

        assertRefused("does not list other.json");
    }

    @Test
    void refusesAConfigurationOutOfRange() {
        String good = "{\"graph\":\"g\",\"tokenizer\":\"t\",\"chat_template\":\"c\",\"form\":\"q8\",\"layers\":1,\"heads\":1,\"kv_heads\":1,"
                + "\"head_size\":8,\"hidden_size\":8,\"vocab_size\":10,\"context_length\":16,\"bos_token\":-1,\"eos_tokens\":[2]}";
        ModelConfigJson json = new ModelConfigJson();

        assertThat(readsConfig(json, good)).isTrue();
        for (String[] change : new String[][] {
            {"\"layers\":1", "\"layers\":0"}, {"[2]", "[10]"}, {"[2]", "[1.5]"}, {"\"g\"", "\"../g\""}, {"\"bos_token\":-1", "\"bos_token\":10"},
            {"\"heads\":1", "\"heads\":\"1\""}, {"{", "{\"extra\":1,"}, {"\"graph\":\"g\",", ""}
        }) {
            assertThat(readsConfig(json, good.replace(change[0], change[1]))).as(change[1]).isFalse();
        }
    }

    private static boolean readsConfig(ModelConfigJson json, String text) {
        try {
            json.read(text.getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (ManifestException e) {
            return false;
        }
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> verifier.verify(folder)).isInstanceOf(ManifestException.class).hasMessageContaining(message);
    }
}
