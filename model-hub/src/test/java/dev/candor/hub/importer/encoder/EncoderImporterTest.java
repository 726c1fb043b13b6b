package dev.candor.hub.importer.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.hub.importer.ImportRequest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.EncoderConfig;
import dev.candor.hub.manifest.EncoderTask;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.Pooling;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.onnx.OnnxModel;
import dev.candor.hub.rewrite.GraphCheck;
import dev.candor.hub.testing.ToyBert;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncoderImporterTest {
    private static final String BERT = "{\"architectures\":[\"BertModel\"],\"model_type\":\"bert\",\"max_position_embeddings\":32,\"vocab_size\":40,\"pad_token_id\":3}";
    private static final String MODULES = "[{\"type\":\"sentence_transformers.models.Transformer\",\"path\":\"\"},"
            + "{\"type\":\"sentence_transformers.models.Pooling\",\"path\":\"1_Pooling\"},{\"type\":\"sentence_transformers.models.Normalize\",\"path\":\"2_Normalize\"}]";

    @TempDir
    private Path temp;

    private Path source;

    @BeforeEach
    void layOut() throws IOException {
        source = Files.createDirectories(temp.resolve("source"));
        ToyBert.model(ToyBert.Style.TRACED, ToyBert.Head.NONE).write(source.resolve("model.onnx"));
        put("tokenizer.json", "{}");
        put("config.json", BERT);
    }

    @Test
    void keepsARewrittenGraphThatTheCheckAcceptsAndNamesBothGraphs() throws IOException {
        VerifiedModel model = convert((original, rewritten, config) -> Optional.empty());

        EncoderConfig config = (EncoderConfig) model.serving();
        assertThat(config.rewrite().orElseThrow().name()).isEqualTo("bert-fusion-1");
        assertThat(config.rewrite().orElseThrow().refused()).isEmpty();
        assertThat(config.rewrite().orElseThrow().original()).isEqualTo(ManifestVerifier.hash(source.resolve("model.onnx"), bytes -> {}));
        assertThat(config.rewrite().orElseThrow().graph()).isEqualTo(ManifestVerifier.hash(model.graph(), bytes -> {}));
        assertThat(config.width()).isEqualTo(ToyBert.WIDTH);
        assertThat(config.vocabSize()).isEqualTo(ToyBert.VOCABULARY);
        assertThat(OnnxModel.read(model.graph()).graph().nodes()).anyMatch(node -> node.operator().equals("Attention"));
    }

    @Test
    void servesThePublishersBytesWhereTheCheckFindsADifferenceWithOneDigestWhateverItFound() throws IOException {
        VerifiedModel first = convert((original, rewritten, config) -> Optional.of("an output differs"));
        VerifiedModel second = convert(GraphCheck.none());

        assertThat(Files.readAllBytes(first.graph())).isEqualTo(Files.readAllBytes(source.resolve("model.onnx")));
        assertThat(((EncoderConfig) first.serving()).rewrite().orElseThrow().refused()).isPresent();
        assertThat(second.manifest().digest()).isEqualTo(first.manifest().digest());
    }

    @Test
    void readsPoolingAndLengthOffTheModelsOwnFiles() throws IOException {
        put("modules.json", MODULES);
        put("1_Pooling/config.json", "{\"pooling_mode_cls_token\":true,\"pooling_mode_mean_tokens\":false}");
        put("sentence_bert_config.json", "{\"max_seq_length\":20}");

        EncoderConfig config = (EncoderConfig) convert(GraphCheck.none()).serving();

        assertThat(config.task()).isEqualTo(EncoderTask.EMBEDDING);
        assertThat(config.pooling()).isEqualTo(Pooling.CLS);
        assertThat(config.normalize()).isTrue();
        assertThat(config.maxTokens()).isEqualTo(20);
        assertThat(config.padToken()).isEqualTo(3);
    }

    @Test
    void readsLabelsAndTaskOffTheArchitecture() throws IOException {
        graph(ToyBert.Head.CLASSES);
        put("config.json", config("BertForSequenceClassification", "{\"0\":\"no\",\"1\":\"yes\",\"2\":\"who knows\"}"));
        EncoderConfig classes = (EncoderConfig) convert(GraphCheck.none()).serving();
        assertThat(classes.task()).isEqualTo(EncoderTask.CLASSIFICATION);
        assertThat(classes.labels()).containsExactly("no", "yes", "who knows");

        graph(ToyBert.Head.TOKEN_CLASSES);
        put("config.json", config("BertForTokenClassification", "{\"0\":\"O\",\"1\":\"B\",\"2\":\"I\"}"));
        assertThat(((EncoderConfig) convert(GraphCheck.none()).serving()).task()).isEqualTo(EncoderTask.TOKEN_CLASSIFICATION);

        graph(ToyBert.Head.SCORE);
        put("config.json", config("BertForSequenceClassification", "{\"0\":\"LABEL_0\"}"));
        assertThat(((EncoderConfig) convert(GraphCheck.none()).serving()).task()).isEqualTo(EncoderTask.RERANK);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "config.json | {\"architectures\":[\"LlamaForCausalLM\"],\"model_type\":\"llama\"} | no architecture of an encoder",
        "config.json | {\"architectures\":[\"BertForSequenceClassification\"],\"max_position_embeddings\":32,\"vocab_size\":40} | id2label",
        "config.json | {\"architectures\":[\"BertModel\"],\"model_type\":\"bert\",\"vocab_size\":40} | longest text",
        "config.json | [1] | JSON object",
        "modules.json | [{\"type\":\"x.Dense\"}] | x.Dense, which is not served",
        "modules.json | [{\"type\":\"x.Pooling\",\"path\":\"../out\"}] | outside",
        "modules.json | [{\"type\":\"x.Pooling\",\"path\":\"1_Pooling\"}] | 1_Pooling/config.json is missing",
        "model.onnx | no graph | ",
    })
    void saysWhatCannotBeServed(String file, String content, String reason) throws IOException {
        put(file, content);

        assertThatThrownBy(() -> convert(GraphCheck.none())).isInstanceOf(IOException.class).hasMessageContaining(reason == null ? "" : reason);
    }

    @Test
    void saysWhichOutputATaskNeeds() throws IOException {
        put("config.json", config("BertForSequenceClassification", "{\"0\":\"a\",\"1\":\"b\",\"2\":\"c\"}"));

        assertThatThrownBy(() -> convert(GraphCheck.none())).hasMessageContaining("classification").hasMessageContaining("last_hidden_state");
    }

    @Test
    void survivesMutatedConfigurations() throws IOException {
        put("modules.json", MODULES);
        put("1_Pooling/config.json", "{\"pooling_mode_mean_tokens\":true}");
        Random random = new Random(11);
        for (int i = 0; i < 500; i++) {
            List<String> names = List.of("config.json", "modules.json", "1_Pooling/config.json");
            String name = names.get(random.nextInt(3));
            byte[] good = (name.equals("config.json") ? BERT : name.equals("modules.json") ? MODULES : "{\"pooling_mode_mean_tokens\":true}")
                    .getBytes(StandardCharsets.UTF_8);
            byte[] bad = good.clone();
            for (int change = 0; change <= random.nextInt(3); change++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(128);
            }
            Files.write(source.resolve(name), bad);
            try {
                new EncoderFolder(source).read();
            } catch (IOException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
            Files.write(source.resolve(name), good);
        }
    }

    private static String config(String architecture, String labels) {
        return "{\"architectures\":[\"" + architecture + "\"],\"model_type\":\"bert\",\"max_position_embeddings\":32,\"vocab_size\":40,\"id2label\":" + labels + "}";
    }

    private void graph(ToyBert.Head head) throws IOException {
        Files.delete(source.resolve("model.onnx"));
        ToyBert.model(ToyBert.Style.TRACED, head).write(source.resolve("model.onnx"));
    }

    private void put(String name, String content) throws IOException {
        Path file = source.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private VerifiedModel convert(GraphCheck check) throws IOException {
        Path folder = Files.createTempDirectory(temp, "out");
        ImportRequest request = new ImportRequest(ModelName.parse("test/toy@1"), "Apache-2.0", ModelForm.FP32, Optional.empty());
        new EncoderImporter(check).convert(new EncoderFolder(source).read(), request, folder, done -> {});
        return new ManifestVerifier().verify(folder);
    }
}
