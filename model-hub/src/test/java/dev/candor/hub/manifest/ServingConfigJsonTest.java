package dev.candor.hub.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.candor.attestation.digest.Digest;
import dev.candor.hub.testing.MutatedBytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServingConfigJsonTest {
    private static final EncoderConfig ENCODER = new EncoderConfig(
            "model.onnx", "tokenizer.json", "fp32", EncoderTask.TOKEN_CLASSIFICATION, "logits", Pooling.NONE, false, 2, 512, 30522, 0,
            List.of("O", "B-\u6d77"), true, Optional.of(new RewriteNote("bert-fusion-1", Digest.sha256(), Digest.sha256(), Optional.of("why"))));

    private final ServingConfigJson json = new ServingConfigJson();

    @Test
    void readsWhatItWrites() throws Exception {
        assertThat(json.read(json.write(ENCODER))).isEqualTo(ENCODER);
        TensorConfig tensors = new TensorConfig("a.onnx", "fp16");
        assertThat(json.read(json.write(tensors))).isEqualTo(tensors);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"encoder\" | \"oracle\" | oracle is unknown",
        "\"token-classification\" | \"embedding\" | must have 0 labels",
        "\"none\" | \"sum\" | pooling",
        "512 | 0 | max_tokens",
        "\"model.onnx\" | \"../model.onnx\" | model.onnx",
        "\"width\" : 2 | \"width\" : 3 | labels",
        "\"form\" | \"norm\" | norm",
    })
    void saysWhatIsWrong(String good, String bad, String reason) throws Exception {
        String text = new String(json.write(ENCODER), StandardCharsets.UTF_8);
        assertThat(text).contains(good);

        assertThatThrownBy(() -> json.read(text.replace(good, bad).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ManifestException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void refusesARefusedRewriteThatServesAnotherGraph() {
        assertThatThrownBy(() -> new RewriteNote("x", Digest.sha256(), Digest.sha256(new byte[1]), Optional.of("why")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @FuzzTest(maxDuration = "1m")
    void readsOrRefuses(byte[] bytes) throws Exception {
        check(bytes);
    }

    @Test
    void survivesMutatedConfigurations() throws Exception {
        for (byte[] bad : new MutatedBytes(json.write(ENCODER), 500, 5)) {
            check(bad);
        }
    }

    private void check(byte[] bytes) throws Exception {
        try {
            ServingConfig config = json.read(bytes);
            assertThat(json.read(json.write(config))).isEqualTo(config);
        } catch (ManifestException refused) {
            assertThat(refused.getMessage()).contains("config.json");
        }
    }
}
