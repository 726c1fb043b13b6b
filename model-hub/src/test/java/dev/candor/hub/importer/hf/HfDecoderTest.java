package dev.candor.hub.importer.hf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.importer.decoder.Activation;
import dev.candor.hub.importer.decoder.DecoderSpec;
import dev.candor.hub.importer.decoder.LayerAttention;
import dev.candor.hub.importer.decoder.RopeScaling;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.importer.source.JsonFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HfDecoderTest {
    private static final String SMALL = """
            {"model_type":"%s","hidden_size":64,"intermediate_size":96,"num_hidden_layers":4,"num_attention_heads":4,"num_key_value_heads":2,
             "vocab_size":100,"max_position_embeddings":128,"rms_norm_eps":1e-5%s}""";

    @Test
    void readsLlamasOwnScaling() throws IOException {
        DecoderSpec spec = spec("llama", ",\"rope_theta\":500000.0,\"head_dim\":32,\"tie_word_embeddings\":true,\"rope_scaling\":{\"factor\":32.0,"
                + "\"high_freq_factor\":4.0,\"low_freq_factor\":1.0,\"original_max_position_embeddings\":8192,\"rope_type\":\"llama3\"}");

        assertThat(spec.headSize()).isEqualTo(32);
        assertThat(spec.parts().tied()).isTrue();
        assertThat(spec.layers()).hasSize(4).allSatisfy(layer -> {
            assertThat(layer.window()).isZero();
            assertThat(layer.rope().orElseThrow().base()).isEqualTo(500_000);
            assertThat(layer.rope().orElseThrow().scaling()).isEqualTo(new RopeScaling.Llama3(32, 1, 4, 8192));
        });
    }

    @Test
    void readsTheRopeParametersOfNewerFiles() throws IOException {
        DecoderSpec spec = spec("gemma3_text", ",\"sliding_window\":16,\"layer_types\":[\"sliding_attention\",\"sliding_attention\",\"full_attention\","
                + "\"sliding_attention\"],\"rope_parameters\":{\"full_attention\":{\"rope_type\":\"linear\",\"factor\":8.0,\"rope_theta\":1000000.0},"
                + "\"sliding_attention\":{\"rope_type\":\"default\",\"rope_theta\":12345.0}}");

        assertThat(spec.layers().stream().map(LayerAttention::window)).containsExactly(16, 16, 0, 16);
        assertThat(spec.layers().get(0).rope().orElseThrow().base()).isEqualTo(12_345);
        assertThat(spec.layers().get(2).rope().orElseThrow().base()).isEqualTo(1_000_000);
        assertThat(spec.layers().get(2).rope().orElseThrow().scaling()).isEqualTo(new RopeScaling.Linear(8));
        assertThat(spec.activation()).isEqualTo(Activation.GELU_TANH);
    }

    @Test
    void fillsInWhatGemmaDoesNotMention() throws IOException {
        JsonNode config = json("{\"model_type\":\"gemma3\",\"vision_config\":{},\"text_config\":{\"hidden_size\":2560,\"intermediate_size\":10240,"
                + "\"model_type\":\"gemma3_text\",\"num_hidden_layers\":34,\"sliding_window\":1024,\"rope_scaling\":{\"factor\":8.0,\"rope_type\":\"linear\"}}}");

        HfDecoder.Decoder decoder = HfDecoder.read(config, List.of("language_model.model.embed_tokens.weight"), OptionalInt.of(4096));
        DecoderSpec spec = decoder.spec();

        assertThat(List.of(spec.heads(), spec.kvHeads(), spec.headSize(), spec.vocabulary(), spec.context()))
                .containsExactly(8, 4, 256, 262_208, 4096);
        assertThat(spec.scales().embedding()).isCloseTo((float) Math.sqrt(2560), within(1e-4f));
        assertThat(spec.scales().attention()).isEqualTo(1 / 16f);
        assertThat(spec.scales().logitSoftcap()).isZero();
        assertThat(decoder.naming().ignorable("vision_tower.vision_model.encoder.layers.0.mlp.fc1.weight")).isTrue();
        assertThat(decoder.naming().ignorable("language_model.lm_head.weight")).isTrue();
        assertThat(decoder.naming().ignorable("language_model.model.layers.0.extra.weight")).isFalse();
    }

    @Test
    void choosesLongFactorsForLongContextsOnly() throws IOException {
        String rope = ",\"original_max_position_embeddings\":64,\"rope_scaling\":{\"type\":\"su\",\"short_factor\":[1,1,1,1,1,1,1,1],"
                + "\"long_factor\":[2,2,2,2,2,2,2,2]}";
        double attention = Math.sqrt(1 + Math.log(2) / Math.log(64));

        RopeScaling whole = spec("phi3", rope).layers().getFirst().rope().orElseThrow().scaling();
        RopeScaling within = HfDecoder.read(json(SMALL.formatted("phi3", rope)), List.of(), OptionalInt.of(64))
                .spec().layers().getFirst().rope().orElseThrow().scaling();

        assertThat(whole).isInstanceOfSatisfying(RopeScaling.Divided.class, divided -> {
            assertThat(divided.divisors()).containsOnly(2f);
            assertThat(divided.attentionFactor()).isCloseTo(attention, within(1e-12));
        });
        assertThat(within).isInstanceOfSatisfying(RopeScaling.Divided.class, divided -> assertThat(divided.divisors()).containsOnly(1f));
    }

    @Test
    void readsWhichLayersHaveNoPositions() throws IOException {
        DecoderSpec spec = spec("smollm3", ",\"no_rope_layers\":[1,0,1,0]");

        assertThat(spec.layers().stream().map(layer -> layer.rope().isPresent())).containsExactly(true, false, true, false);
        assertThat(spec.parts().tied()).isTrue();
    }

    @Test
    void readsWindows() throws IOException {
        assertThat(spec("mistral", ",\"sliding_window\":null").layers().getFirst().window()).isZero();
        assertThat(spec("mistral", "").layers().getFirst().window()).isEqualTo(4096);
        assertThat(spec("qwen2", ",\"sliding_window\":32,\"use_sliding_window\":false").layers().getLast().window()).isZero();
        assertThat(spec("qwen2", ",\"sliding_window\":32,\"use_sliding_window\":true,\"max_window_layers\":3").layers().stream()
                .map(LayerAttention::window)).containsExactly(0, 0, 0, 32);
        assertThat(spec("llama", ",\"sliding_window\":32").layers().getFirst().window()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "mamba; ''; the model's type is mamba (model_type of config.json); imported are llama, mistral, qwen2, qwen3, smollm3, gemma2, gemma3_text, phi3",
        "llama; ',\"quantization_config\":{\"bits\":4}'; quantization_config is set",
        "qwen3; ',\"num_experts\":8'; num_experts is set",
        "llama; ',\"mlp_bias\":true'; mlp_bias is set",
        "llama; ',\"hidden_act\":\"relu\"'; hidden_act is relu; silu and gelu_pytorch_tanh are imported",
        "gemma3_text; ',\"use_bidirectional_attention\":true'; use_bidirectional_attention is set",
        "llama; ',\"rope_scaling\":{\"rope_type\":\"dynamic\",\"factor\":2}'; scaling is of type dynamic",
        "llama; ',\"rope_scaling\":{\"rope_type\":\"linear\"}'; rope_scaling.factor is missing, it must be a number above 0",
        "llama; ',\"rope_scaling\":7'; rope_scaling is 7, it must be an object",
        "llama; ',\"rope_theta\":-1'; rope_theta is -1, it must be a number above 0",
        "llama; ',\"head_dim\":20'; heads are 20 wide",
        "qwen2; ',\"layer_types\":[\"full_attention\"]'; layer_types is another, it must be an array of 4",
        "gemma2; ',\"layer_types\":[\"x\",\"x\",\"x\",\"x\"]'; full_attention and sliding_attention are imported",
        "phi3; ',\"partial_rotary_factor\":1.5'; it must be at most 1",
        "phi3; ',\"rope_scaling\":{\"type\":\"longrope\",\"short_factor\":[1],\"long_factor\":[1]}'; short_factor is another, it must be an array of 8"
    })
    void namesWhatItDoesNotImport(String type, String more, String message) {
        assertThatThrownBy(() -> spec(type, more)).isInstanceOf(ImportException.class).hasMessageContaining(message);
    }

    @Test
    void namesMembersThatAreMissingOrOutOfBounds() {
        for (String member : List.of("hidden_size", "num_hidden_layers", "vocab_size", "intermediate_size", "num_attention_heads")) {
            assertThatThrownBy(() -> read(small().without(List.of(member)))).hasMessageContaining("config.json: " + member + " is missing");
            assertThatThrownBy(() -> read(small().put(member, 0))).hasMessageContaining("config.json: " + member + " is 0, it must be a whole number");
        }
        assertThatThrownBy(() -> read(small().put("num_key_value_heads", 3))).hasMessageContaining("no multiple of its 3 key-value heads");
        assertThatThrownBy(() -> HfDecoder.read(small(), List.of(), OptionalInt.of(129))).hasMessageContaining("a context of 129 tokens was asked for");
    }

    @Test
    void anyDamageIsReadOrRefused() throws IOException {
        byte[] good = SMALL.formatted("gemma3_text", ",\"sliding_window\":16,\"rope_scaling\":{\"rope_type\":\"yarn\",\"factor\":4}")
                .getBytes(StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = good.clone();
            for (int change = 0; change <= i % 3; change++) {
                bytes[random.nextInt(bytes.length)] = (byte) ('0' + random.nextInt(10));
            }
            readAnything(bytes);
        }
    }

    @FuzzTest
    void anyConfigurationIsReadOrRefused(byte[] bytes) throws IOException {
        readAnything(bytes);
    }

    private static void readAnything(byte[] bytes) throws IOException {
        try {
            HfDecoder.read(new JsonFile(4 << 20).parse("config.json", bytes), List.of(), OptionalInt.empty());
        } catch (ImportException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static DecoderSpec spec(String type, String more) throws IOException {
        return read(json(SMALL.formatted(type, more)));
    }

    private static ObjectNode small() throws IOException {
        return (ObjectNode) json(SMALL.formatted("llama", ""));
    }

    private static DecoderSpec read(JsonNode config) throws IOException {
        return HfDecoder.read(config, List.of(), OptionalInt.empty()).spec();
    }

    private static JsonNode json(String text) throws IOException {
        return new JsonFile(1 << 20).parse("config.json", text.getBytes(StandardCharsets.UTF_8));
    }
}
