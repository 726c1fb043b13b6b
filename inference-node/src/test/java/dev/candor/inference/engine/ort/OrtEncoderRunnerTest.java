package dev.candor.inference.engine.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.candor.hub.manifest.EncoderConfig;
import dev.candor.hub.manifest.EncoderTask;
import dev.candor.hub.manifest.Pooling;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.onnx.GraphNode;
import dev.candor.hub.onnx.OnnxModel;
import dev.candor.hub.rewrite.EncoderRewrite;
import dev.candor.hub.rewrite.GraphCheck;
import dev.candor.hub.testing.ToyBert;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.encoder.EncoderInput;
import dev.candor.inference.testing.ToyEncoders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrtEncoderRunnerTest {
    @TempDir
    private Path temp;

    @ParameterizedTest
    @EnumSource(ToyBert.Style.class)
    void aRewrittenGraphIsKeptAndGivesWhatTheOriginalGives(ToyBert.Style style) throws Exception {
        ToyEncoders toys = new ToyEncoders(temp);
        VerifiedModel rewritten = toys.embedding(style, Pooling.MEAN, false, ToyEncoders.check());
        VerifiedModel original = toys.embedding(style, Pooling.MEAN, false, GraphCheck.none());

        assertThat(((EncoderConfig) rewritten.serving()).rewrite().orElseThrow().refused()).isEmpty();
        try (OrtEncoderRunner fused = ToyEncoders.runner(rewritten); OrtEncoderRunner stock = ToyEncoders.runner(original)) {
            assertThat(fused.info().determinismClass()).endsWith("/" + EncoderRewrite.NAME);
            assertThat(stock.info().determinismClass()).endsWith("/stock");
            List<EncoderInput> batch = List.of(input(5, 1), input(31, 2), input(1, 3));
            for (int i = 0; i < batch.size(); i++) {
                assertThat(fused.run(batch).get(i)).containsExactly(stock.run(batch).get(i), within(1e-5f));
            }
        }
    }

    @Test
    void aGraphThatComputesSomethingElseIsNotKept() throws Exception {
        VerifiedModel model = new ToyEncoders(temp).embedding(ToyBert.Style.TRACED, Pooling.MEAN, false, ToyEncoders.check());
        OnnxModel read = OnnxModel.read(model.graph());
        List<GraphNode> nodes = read.graph().nodes().stream().map(node -> node.operator().equals("BiasGelu")
                ? GraphNode.of(node.name(), node.domain(), "FastGelu", node.inputs(), node.outputs())
                : node).toList();
        Path other = Files.createDirectory(temp.resolve("other")).resolve("model.onnx");
        read.with(read.opsets(), read.graph().with(nodes, read.graph().initializers())).write(other);
        Path broken = Files.createDirectory(temp.resolve("broken")).resolve("model.onnx");
        Files.writeString(broken, "no graph");
        EncoderConfig config = (EncoderConfig) model.serving();

        assertThat(ToyEncoders.check().difference(model.graph(), model.graph(), config)).isEmpty();
        assertThat(ToyEncoders.check().difference(model.graph(), other, config)).isPresent();
        assertThat(ToyEncoders.check().difference(model.graph(), broken, config)).isPresent();
    }

    @ParameterizedTest
    @EnumSource(EncoderTask.class)
    void givesTheSameBitsAloneAndInAnyCompany(EncoderTask task) throws Exception {
        try (OrtEncoderRunner runner = ToyEncoders.runner(new ToyEncoders(temp).of(task))) {
            List<EncoderInput> inputs = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                inputs.add(input(1 + i * 7 % 32, i));
            }
            List<float[]> together = runner.run(inputs);
            for (int i = 0; i < inputs.size(); i++) {
                assertThat(together.get(i)).as("sequence %d", i).isEqualTo(runner.run(List.of(inputs.get(i))).getFirst());
            }
        }
    }

    @Test
    void poolsAsTheModelAsks() throws Exception {
        ToyEncoders toys = new ToyEncoders(temp);
        EncoderInput input = input(6, 4);
        float[][] rows = rows(toys, input);
        for (Pooling pooling : List.of(Pooling.MEAN, Pooling.MEAN_SQRT, Pooling.MAX, Pooling.CLS, Pooling.LAST)) {
            try (OrtEncoderRunner runner = ToyEncoders.runner(toys.embedding(ToyBert.Style.TRACED, pooling, false, ToyEncoders.check()))) {
                float[] pooled = runner.run(List.of(input, input(20, 5))).getFirst();
                for (int i = 0; i < pooled.length; i++) {
                    assertThat(pooled[i]).as("%s %d", pooling, i).isCloseTo((float) expected(pooling, rows, i), within(1e-6f));
                }
            }
        }
    }

    /** The vectors of the tokens, which token classification gives bare. */
    private static float[][] rows(ToyEncoders toys, EncoderInput input) throws Exception {
        VerifiedModel model = toys.embedding(ToyBert.Style.TRACED, Pooling.CLS, false, ToyEncoders.check());
        EncoderConfig config = (EncoderConfig) model.serving();
        EncoderConfig bare = new EncoderConfig(
                config.graph(), config.tokenizer(), config.form(), EncoderTask.TOKEN_CLASSIFICATION, config.output(), Pooling.NONE, false, config.width(),
                config.maxTokens(), config.vocabSize(), 0, Collections.nCopies(config.width(), "x"), false, Optional.empty());
        try (OrtEncoderRunner runner = OrtEncoderRunner.open(ToyEncoders.runtime(), model.folder(), bare, 1, false)) {
            float[] all = runner.run(List.of(input)).getFirst();
            float[][] rows = new float[input.length()][config.width()];
            for (int i = 0; i < all.length; i++) {
                rows[i / config.width()][i % config.width()] = all[i];
            }
            return rows;
        }
    }

    private static double expected(Pooling pooling, float[][] rows, int at) {
        double sum = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (float[] row : rows) {
            sum += row[at];
            most = Math.max(most, row[at]);
        }
        return switch (pooling) {
            case MEAN -> sum / rows.length;
            case MEAN_SQRT -> sum / Math.sqrt(rows.length);
            case MAX -> most;
            case CLS -> rows[0][at];
            case LAST -> rows[rows.length - 1][at];
            case NONE -> throw new IllegalArgumentException();
        };
    }

    @Test
    void givesVectorsOfLengthOneWhereTheModelAsksForThem() throws Exception {
        try (OrtEncoderRunner runner = ToyEncoders.runner(new ToyEncoders(temp).of(EncoderTask.EMBEDDING))) {
            double squares = 0;
            for (float value : runner.run(List.of(input(9, 1))).getFirst()) {
                squares += value * value;
            }
            assertThat(squares).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void saysWhatInAGraphDoesNotFitItsConfiguration() throws Exception {
        VerifiedModel model = new ToyEncoders(temp).of(EncoderTask.EMBEDDING);
        EncoderConfig config = (EncoderConfig) model.serving();

        refused(model, config, "no_such_output", config.width(), "no tensor no_such_output");
        refused(model, config, config.output(), config.width() + 1, "must be float [batch, tokens, 17]");
        OnnxModel read = OnnxModel.read(model.graph());
        assertThat(read.graph().inputs()).hasSize(3);
    }

    private static void refused(VerifiedModel model, EncoderConfig config, String output, int width, String reason) {
        EncoderConfig other = new EncoderConfig(
                config.graph(), config.tokenizer(), config.form(), config.task(), output, config.pooling(), false, width, config.maxTokens(),
                config.vocabSize(), 0, List.of(), false, Optional.empty());
        assertThatThrownBy(() -> OrtEncoderRunner.open(ToyEncoders.runtime(), model.folder(), other, 1, false))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(reason);
    }

    private static EncoderInput input(int length, int seed) {
        Random random = new Random(seed);
        byte[] types = new byte[length];
        for (int i = length / 2; i < length; i++) {
            types[i] = 1;
        }
        return new EncoderInput(random.ints(length, 0, ToyBert.VOCABULARY).toArray(), types);
    }
}
