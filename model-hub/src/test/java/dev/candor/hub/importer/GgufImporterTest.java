package dev.candor.hub.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.hub.importer.gguf.GgufException;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.testing.GgufBuilder;
import dev.candor.hub.testing.ToyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GgufImporterTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @EnumSource(ModelForm.class)
    void aConvertedModelVerifies(ModelForm form) throws IOException {
        VerifiedModel model = ToyModels.write(temp.resolve("toy"), ToyModels.Shape.standard(), form);

        assertThat(model.manifest().form()).isEqualTo(form.label());
        assertThat(model.manifest().files()).extracting(file -> file.path())
                .containsExactly("chat_template.jinja", "config.json", "model.onnx", "model.onnx.data", "tokenizer.json");
        ModelConfig config = model.config();
        assertThat(config.layers()).isEqualTo(2);
        assertThat(config.headSize()).isEqualTo(16);
        assertThat(config.contextLength()).isEqualTo(512);
        assertThat(config.bosToken()).isEqualTo(1);
        assertThat(config.eosTokens()).containsExactly(2);
    }

    @ParameterizedTest
    @EnumSource(ModelForm.class)
    void theSameFileGivesTheSameBytes(ModelForm form) throws IOException {
        ModelManifest first = ToyModels.write(temp.resolve("a"), ToyModels.Shape.standard(), form).manifest();
        ModelManifest second = ToyModels.write(temp.resolve("b"), ToyModels.Shape.standard(), form).manifest();

        assertThat(first).isEqualTo(second);
    }

    @Test
    void progressEndsWithAllBytesOfTheWeights() throws IOException {
        List<Long> seen = new ArrayList<>();
        Path gguf = Files.write(temp.resolve("toy.gguf"), toy().build());
        new GgufImporter().convert(gguf, folder(), request(ModelForm.Q8), seen::add);

        assertThat(seen).isSorted().hasSizeGreaterThan(10);
        assertThat(seen.getLast()).isBetween(Files.size(gguf) / 2, Files.size(gguf));
    }

    @Test
    void aTemplateOfTheRequestTakesThePlaceOfTheFilesOwn() throws IOException {
        Path gguf = Files.write(temp.resolve("toy.gguf"), toy().without("tokenizer.chat_template").build());
        Path folder = folder();
        ImportRequest request = new ImportRequest(ToyModels.NAME, "Apache-2.0", ModelForm.Q8, Optional.of("{{ messages }}"));
        new GgufImporter().convert(gguf, folder, request);

        assertThat(folder.resolve("chat_template.jinja")).hasContent("{{ messages }}");
        assertRefused(toy().without("tokenizer.chat_template"), ModelForm.Q8, "no chat template");
    }

    @Test
    void namesTheArchitectureItDoesNotKnow() {
        assertRefused(toy().without("general.architecture").text("general.architecture", "mamba"), ModelForm.Q8, "architecture is mamba");
    }

    @Test
    void namesThePreTokenizerItDoesNotKnow() {
        assertRefused(toy().without("tokenizer.ggml.pre").text("tokenizer.ggml.pre", "viking"), ModelForm.Q8, "pre-tokenizer is viking");
        assertRefused(toy().without("tokenizer.ggml.model").text("tokenizer.ggml.model", "bert"), ModelForm.Q8, "tokenizer is of kind bert");
    }

    @Test
    void namesATensorTypeItDoesNotKnow() {
        assertRefused(toy().tensor("extra.weight", 10, new byte[84], 256), ModelForm.Q8, "tensor extra.weight has type Q2_K");
    }

    @Test
    void namesATensorThatIsMissingMisshapenOrLeftOver() {
        assertRefused(toy().withoutTensor("blk.1.ffn_up.weight"), ModelForm.Q8, "tensor blk.1.ffn_up.weight is missing");
        assertRefused(toy().withoutTensor("output_norm.weight").tensor("output_norm.weight", 0, new byte[128], 32), ModelForm.Q8,
                "tensor output_norm.weight is 32, the model's configuration asks for 64");
        assertRefused(toy().tensor("blk.0.ffn_gate.bias", 0, new byte[512], 128), ModelForm.Q8, "tensor blk.0.ffn_gate.bias has no place");
    }

    @Test
    void refusesRotaryScalingAndExperts() {
        assertRefused(toy().text("llama.rope.scaling.type", "su"), ModelForm.Q8, "scales its rotary embedding by su");
        assertRefused(toy().uint32("llama.expert_count", 8), ModelForm.Q8, "mixture of experts");
        assertRefused(toy().uint32("llama.rope.dimension_count", 8), ModelForm.Q8, "rotates only a part");
    }

    @Test
    void refusesMetadataThatIsMissingOfAnotherTypeOrOutOfRange() {
        assertRefused(toy().without("llama.block_count"), ModelForm.Q8, "metadata llama.block_count is missing");
        assertRefused(toy().without("llama.block_count").text("llama.block_count", "2"), ModelForm.Q8, "llama.block_count is a string");
        assertRefused(toy().without("llama.context_length").uint32("llama.context_length", -1), ModelForm.Q8, "llama.context_length is 4294967295");
    }

    @Test
    void theExactFormRefusesWhatItWouldHaveToRound() {
        byte[] floats = new byte[278 * 64 * 4];
        GgufBuilder gguf = toy().withoutTensor("token_embd.weight").tensor("token_embd.weight", 0, floats, 64, 278);
        assertRefused(gguf, ModelForm.Q4EXACT, "form q4exact needs token_embd.weight in Q8_0 or Q6_K, it is F32; use form q8");
    }

    @Test
    void refusesATokenizerWhosePartsDoNotFit() {
        assertRefused(toy().without("tokenizer.ggml.token_type").int32s("tokenizer.ggml.token_type", 1, 1), ModelForm.Q8, "2 entries for 278 tokens");
        assertRefused(toy().without("tokenizer.ggml.merges").texts("tokenizer.ggml.merges", List.of("zz yy")), ModelForm.Q8, "merge, number 0");
        assertRefused(toy().without("tokenizer.ggml.eos_token_id"), ModelForm.Q8, "no token that ends an answer");
    }

    @Test
    void refusesAContextWhoseRotaryTablesWouldFillTheMemory() {
        assertRefused(toy().without("llama.context_length").uint32("llama.context_length", 1 << 20)
                .uint32("llama.attention.key_length", 4096), ModelForm.Q8, "longer than is imported");
        assertRefused(toy().without("llama.attention.head_count").uint32("llama.attention.head_count", 4096), ModelForm.Q8, "heads are 0 wide");
    }

    @Test
    void damagedFilesAreConvertedOrRefusedAndNothingElse() throws IOException {
        byte[] good = toy().build();
        int header = 8000;
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 300; i++) {
            byte[] bad = good.clone();
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                bad[random.nextInt(header)] = (byte) random.nextInt();
            }
            Path file = Files.write(temp.resolve("bad.gguf"), bad);
            try {
                new GgufImporter().convert(file, folder(), request(ModelForm.Q8));
            } catch (ImportException | GgufException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    private void assertRefused(GgufBuilder gguf, ModelForm form, String message) {
        assertThatThrownBy(() -> {
                    Path file = Files.write(Files.createTempFile(temp, "bad", ".gguf"), gguf.build());
                    new GgufImporter().convert(file, folder(), request(form));
                })
                .isInstanceOfAny(ImportException.class, GgufException.class)
                .hasMessageContaining(message);
    }

    private static GgufBuilder toy() {
        return ToyModels.gguf(ToyModels.Shape.standard());
    }

    private static ImportRequest request(ModelForm form) {
        return new ImportRequest(ToyModels.NAME, "Apache-2.0", form, Optional.empty());
    }

    private Path folder() throws IOException {
        return Files.createTempDirectory(temp, "out");
    }
}
