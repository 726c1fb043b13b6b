package dev.candor.hub.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.candor.hub.importer.decoder.Activation;
import dev.candor.hub.importer.decoder.DecoderSpec;
import dev.candor.hub.importer.decoder.LayerAttention;
import dev.candor.hub.importer.decoder.Rope;
import dev.candor.hub.importer.decoder.RopeScaling;
import dev.candor.hub.importer.gguf.GgufException;
import dev.candor.hub.importer.gguf.GgufFile;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.testing.GgufBuilder;
import dev.candor.hub.testing.MutatedBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufDecoderTest {
    private static final int F32 = 0;

    @Test
    void llamaAttendsToEverythingByOneRotaryEmbedding() throws IOException {
        DecoderSpec spec = spec(file("llama"));

        assertThat(spec.headSize()).isEqualTo(32);
        assertThat(spec.activation()).isEqualTo(Activation.SILU);
        assertThat(spec.layers()).hasSize(4).allMatch(LayerAttention.global(Rope.plain(10_000, 32))::equals);
        assertThat(spec.parts()).isEqualTo(new DecoderSpec.Parts(false, false, false, false, true));
        assertThat(spec.scales()).isEqualTo(DecoderSpec.Scales.plain(32));
    }

    @Test
    void aSlidingWindowOfTheFileHoldsForAllLayers() throws IOException {
        assertThat(spec(file("llama").uint32("llama.attention.sliding_window", 16)).layers()).allMatch(layer -> layer.window() == 16);
        assertThat(spec(file("phi3").uint32("phi3.attention.sliding_window", 16)).layers()).allMatch(layer -> layer.window() == 16);
    }

    @Test
    void optionalPartsAreReadOffTheTensors() throws IOException {
        GgufBuilder gguf = file("qwen3")
                .tensor("blk.0.attn_q.bias", F32, new byte[512], 128)
                .tensor("blk.0.attn_output.bias", F32, new byte[512], 128)
                .tensor("blk.0.attn_q_norm.weight", F32, new byte[128], 32)
                .tensor("output.weight", F32, new byte[512], 128, 1);

        assertThat(spec(gguf).parts()).isEqualTo(new DecoderSpec.Parts(true, true, true, false, false));
    }

    @Test
    void everyFourthLayerOfSmolLm3KnowsNoPositions() throws IOException {
        assertThat(spec(file("smollm3")).layers()).extracting(layer -> layer.rope().isPresent()).containsExactly(true, true, true, false);
    }

    @Test
    void gemmaAlternatesItsWindowsAndScales() throws IOException {
        DecoderSpec second = spec(file("gemma2").uint32("gemma2.attention.sliding_window", 64));
        assertThat(second.layers()).extracting(LayerAttention::window).containsExactly(64, 0, 64, 0);
        assertThat(second.activation()).isEqualTo(Activation.GELU_TANH);
        assertThat(second.parts().sandwichNorms()).isTrue();
        assertThat(second.scales()).isEqualTo(new DecoderSpec.Scales((float) Math.sqrt(128), (float) (1 / Math.sqrt(32)), 50, 30));

        DecoderSpec third = spec(file("gemma3").without("gemma3.block_count").uint32("gemma3.block_count", 7)
                .without("gemma3.rope.freq_base").float32("gemma3.rope.freq_base", 1e6f));
        Rope local = Rope.plain(10_000, 32);
        Rope global = Rope.plain(1e6, 32);
        assertThat(third.layers().subList(4, 7)).containsExactly(
                LayerAttention.sliding(1024, local), LayerAttention.global(global), LayerAttention.sliding(1024, local));
        assertThat(third.scales().logitSoftcap()).isZero();
    }

    @Test
    void theLargestGemmasScaleByHiddenOverHeads() throws IOException {
        GgufBuilder gguf = file("gemma2").without("gemma2.block_count").uint32("gemma2.block_count", 46)
                .uint32("gemma2.attention.key_length", 64).uint32("gemma2.attention.value_length", 64);
        assertThat(spec(gguf).scales().attention()).isEqualTo((float) (1 / Math.sqrt(32)));
    }

    @Test
    void rotaryScalingsAreReadWithTheirNumbers() throws IOException {
        assertThat(scaling(file("llama").text("llama.rope.scaling.type", "linear").float32("llama.rope.scaling.factor", 4)))
                .isEqualTo(new RopeScaling.Linear(4));
        assertThat(scaling(file("llama").float32("llama.rope.scale_linear", 2))).isEqualTo(new RopeScaling.Linear(2));
        assertThat(scaling(file("qwen2").text("qwen2.rope.scaling.type", "yarn").float32("qwen2.rope.scaling.factor", 4)
                        .uint32("qwen2.rope.scaling.original_context_length", 128)))
                .isEqualTo(new RopeScaling.Yarn(4, 32, 1, 128, 0.1 * Math.log(4) + 1, true));
        assertThat(scaling(file("llama").tensor("rope_freqs.weight", F32, floats(16, 2), 16)))
                .isEqualTo(new RopeScaling.Divided(Collections.nCopies(16, 2f), 1));
    }

    @Test
    void theContextDecidesWhichFactorsOfPhiHold() throws IOException {
        GgufBuilder gguf = file("phi3")
                .uint32("phi3.rope.scaling.original_context_length", 128)
                .float32("phi3.rope.scaling.attn_factor", 1.25f)
                .tensor("rope_factors_long.weight", F32, floats(16, 8), 16)
                .tensor("rope_factors_short.weight", F32, floats(16, 1), 16);

        assertThat(scaling(gguf)).isEqualTo(new RopeScaling.Divided(Collections.nCopies(16, 8f), 1.25));
        DecoderSpec brief = new GgufDecoder(GgufFile.of(gguf.build()), OptionalInt.of(128)).spec();
        assertThat(brief.context()).isEqualTo(128);
        assertThat(brief.layers().getFirst().rope().orElseThrow().scaling())
                .isEqualTo(new RopeScaling.Divided(Collections.nCopies(16, 1f), 1.25));
    }

    @Test
    void namesWhatItCannotImport() {
        assertRefused(file("mamba"), "architecture is mamba; imported are [gemma2, gemma3, llama, phi3, qwen2, qwen3, smollm3]");
        assertRefused(file("qwen3").uint32("qwen3.expert_count", 8), "mixture of experts (qwen3.expert_count)");
        assertRefused(file("llama").text("llama.rope.scaling.type", "su"), "scales its rotary embedding by su");
        assertRefused(file("llama").uint32("llama.attention.value_length", 16), "values have another width than its keys");
        assertRefused(file("llama").uint32("llama.rope.dimension_count", 16), "rotates only a part of each head");
        assertRefused(file("phi3").uint32("phi3.rope.dimension_count", 24), "rotates 24 of the 32 dimensions");
        assertRefused(file("llama").flag("llama.attention.causal", false), "llama.attention.causal");
        assertRefused(file("llama").text("llama.rope.scaling.type", "linear").float32("llama.rope.scaling.factor", 2)
                .tensor("rope_freqs.weight", F32, floats(16, 2), 16), "scales its rotary embedding twice");
    }

    @Test
    void namesNumbersThatLie() {
        assertRefused(file("llama").tensor("rope_freqs.weight", F32, floats(16, 0), 16), "rope_freqs.weight holds 0.0");
        assertRefused(file("llama").tensor("rope_freqs.weight", F32, floats(8, 1), 8), "rope_freqs.weight is 8, the model's configuration asks for 16");
        assertRefused(file("phi3").uint32("phi3.rope.scaling.original_context_length", 1024)
                .tensor("rope_factors_long.weight", F32, floats(16, 8), 16), "rope_factors_short.weight is missing");
        assertRefused(file("qwen2").text("qwen2.rope.scaling.type", "yarn"), "qwen2.rope.scaling.factor is missing");
        assertRefused(file("llama").without("llama.attention.head_count_kv").uint32("llama.attention.head_count_kv", 3), "no multiple of its 3");
        assertRefused(file("llama").uint32("llama.attention.key_length", 20), "heads are 20 wide");
        assertThatThrownBy(() -> new GgufDecoder(GgufFile.of(file("llama").build()), OptionalInt.of(4096)).spec())
                .hasMessageContaining("a context of 4096 tokens was asked for, the model's is 512");
    }

    @FuzzTest
    void anyBytesAreReadOrRefused(byte[] bytes) {
        readAnything(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma2", "gemma3", "phi3", "smollm3"})
    void damagedMetadataIsReadOrRefusedAndNothingElse(String architecture) {
        byte[] good = file(architecture)
                .text(architecture + ".rope.scaling.type", "yarn")
                .float32(architecture + ".rope.scaling.factor", 4)
                .uint32(architecture + ".rope.scaling.original_context_length", 128)
                .build();
        new MutatedBytes(good, 2000, 4).forEach(GgufDecoderTest::readAnything);
    }

    private static void readAnything(byte[] bytes) {
        try (GgufFile file = GgufFile.of(bytes)) {
            assertThat(new GgufDecoder(file, OptionalInt.empty()).spec().layers()).isNotEmpty();
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static RopeScaling scaling(GgufBuilder gguf) throws IOException {
        return spec(gguf).layers().getFirst().rope().orElseThrow().scaling();
    }

    private static DecoderSpec spec(GgufBuilder gguf) throws IOException {
        try (GgufFile file = GgufFile.of(gguf.build())) {
            return new GgufDecoder(file, OptionalInt.empty()).spec();
        }
    }

    private static void assertRefused(GgufBuilder gguf, String message) {
        assertThatThrownBy(() -> spec(gguf)).isInstanceOfAny(ImportException.class, GgufException.class).hasMessageContaining(message);
    }

    private static GgufBuilder file(String architecture) {
        String prefix = architecture + ".";
        return new GgufBuilder()
                .text("general.architecture", architecture)
                .uint32(prefix + "block_count", 4)
                .uint32(prefix + "context_length", 512)
                .uint32(prefix + "embedding_length", 128)
                .uint32(prefix + "feed_forward_length", 256)
                .uint32(prefix + "attention.head_count", 4)
                .uint32(prefix + "attention.head_count_kv", 2)
                .float32(prefix + "attention.layer_norm_rms_epsilon", 1e-5f)
                .float32(prefix + "rope.freq_base", 10_000)
                .texts("tokenizer.ggml.tokens", List.of("a", "b"));
    }

    private static byte[] floats(int count, float value) {
        ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }
}
