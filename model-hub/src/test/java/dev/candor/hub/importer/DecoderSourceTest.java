package dev.candor.hub.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.hub.importer.gguf.GgufException;
import dev.candor.hub.importer.source.ImportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderSourceTest {
    private static final Path GOLDEN = Path.of(System.getProperty("candor.root"), "oracles", "golden");

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"llama3", "gemma3", "phi3_longrope"})
    void anyDamageOfAGgufHeaderIsReadOrRefused(String family) throws IOException {
        byte[] good = Files.readAllBytes(GOLDEN.resolve(family + "/model.gguf"));
        SplittableRandom random = new SplittableRandom(3);
        Path file = temp.resolve("model.gguf");
        for (int i = 0; i < 60; i++) {
            byte[] bytes = random.nextInt(6) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int change = 0; change <= i % 4; change++) {
                bytes[random.nextInt(Math.max(1, Math.min(24_000, bytes.length)))] = (byte) random.nextInt();
            }
            openAnything(Files.write(file, bytes));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json", "model.safetensors.index.json"})
    void anyDamageOfAFoldersFilesIsReadOrRefused(String name) throws IOException {
        copy(GOLDEN.resolve("llama3/hf"));
        byte[] good = Files.readAllBytes(temp.resolve(name));
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 60; i++) {
            byte[] bytes = random.nextInt(6) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int change = 0; bytes.length > 0 && change <= i % 4; change++) {
                bytes[random.nextInt(bytes.length)] = (byte) (32 + random.nextInt(96));
            }
            Files.write(temp.resolve(name), bytes);
            openAnything(temp);
        }
    }

    @Test
    void saysWhatAFolderLacks() throws IOException {
        assertThatThrownBy(() -> DecoderSource.open(temp, OptionalInt.empty())).hasMessageContaining("there is no config.json beside the weights");
        copy(GOLDEN.resolve("qwen3/hf"));
        Files.delete(temp.resolve("tokenizer.json"));
        assertThatThrownBy(() -> DecoderSource.open(temp, OptionalInt.empty())).hasMessageContaining("has neither tokenizer.json nor tokenizer.model");
        Files.delete(temp.resolve("model.safetensors"));
        Files.createFile(temp.resolve("pytorch_model.bin"));
        assertThatThrownBy(() -> DecoderSource.open(temp, OptionalInt.empty())).hasMessageContaining("convert them to safetensors first");
    }

    @Test
    void refusesATokenizerOfAnotherModel() throws IOException {
        copy(GOLDEN.resolve("qwen3/hf"));
        String config = Files.readString(temp.resolve("config.json"));
        Files.writeString(temp.resolve("config.json"), config.replace("\"vocab_size\": 416", "\"vocab_size\": 400"));

        assertThatThrownBy(() -> DecoderSource.open(temp, OptionalInt.empty()))
                .isInstanceOf(ImportException.class)
                .hasMessage("the tokenizer has token 415, the model's vocabulary only 400: the two do not belong together");
    }

    @Test
    void opensOneSafetensorsFileWithWhatLiesBesideIt() throws IOException {
        try (DecoderSource source = DecoderSource.open(GOLDEN.resolve("qwen3/hf/model.safetensors"), OptionalInt.of(64))) {
            assertThat(source.format()).isEqualTo(DecoderSource.Format.SAFETENSORS);
            assertThat(source.spec().context()).isEqualTo(64);
            assertThat(source.bytes()).isEqualTo(2 * source.parameters());
            assertThat(source.convertedBytes(ModelForm.FP32)).isGreaterThan(4 * source.parameters());
        }
    }

    private void copy(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.copy(file, temp.resolve(file.getFileName()));
            }
        }
    }

    private static void openAnything(Path path) throws IOException {
        try (DecoderSource source = DecoderSource.open(path, OptionalInt.empty())) {
            assertThat(source.parameters()).isPositive();
        } catch (ImportException | GgufException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
