package dev.candor.hub.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.GraphNode;
import dev.candor.hub.onnx.GraphValue;
import dev.candor.hub.onnx.ModelGraph;
import dev.candor.hub.onnx.OnnxModel;
import dev.candor.hub.onnx.OperatorCount;
import dev.candor.hub.testing.ToyBert;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EncoderRewriteTest {
    @ParameterizedTest
    @EnumSource(ToyBert.Style.class)
    void fusesEverythingThatIsFusedInWhateverWayItIsWritten(ToyBert.Style style) {
        EncoderRewrite.Result result = EncoderRewrite.of(ToyBert.model(style, ToyBert.Head.NONE));

        assertThat(result.changed()).isTrue();
        assertThat(List.of(result.attentions(), result.embeddings(), result.skips(), result.norms(), result.gelus())).containsExactly(2, 1, 4, 5, 2);
        assertThat(OperatorCount.of(result.model())).isEqualTo(Map.of(
                "Cast", 3, "Identity", 1, "MatMul", 6, "com.microsoft:Attention", 2, "com.microsoft:EmbedLayerNormalization", 1,
                "com.microsoft:SkipLayerNormalization", 4, style == ToyBert.Style.TRACED ? "com.microsoft:BiasGelu" : "com.microsoft:FastGelu", 2));
        assertThat(result.model().opsets()).containsEntry("com.microsoft", 1L);
        assertThat(result.model().graph().inputs()).extracting(GraphValue::name).containsExactly("input_ids", "attention_mask", "token_type_ids");
    }

    @Test
    void writesTheSameBytesEachTime() throws IOException {
        assertThat(bytes(EncoderRewrite.of(ToyBert.model(ToyBert.Style.TRACED, ToyBert.Head.CLASSES)).model()))
                .isEqualTo(bytes(EncoderRewrite.of(ToyBert.model(ToyBert.Style.TRACED, ToyBert.Head.CLASSES)).model()));
    }

    @Test
    void leavesAnAttentionAloneWhoseMaskComesFromElsewhere() {
        OnnxModel model = changed(ToyBert.model(ToyBert.Style.TRACED, ToyBert.Head.NONE), node ->
                node.is("Unsqueeze") && node.inputs().contains("attention_mask")
                        ? GraphNode.of(node.name(), "", "Unsqueeze", List.of("token_type_ids", node.inputs().get(1)), node.outputs())
                        : node);

        EncoderRewrite.Result result = EncoderRewrite.of(model);

        assertThat(result.attentions()).isZero();
        assertThat(result.changed()).isFalse();
    }

    @Test
    void leavesANormalisationOverAnotherAxisAlone() {
        OnnxModel model = changed(ToyBert.model(ToyBert.Style.TRACED, ToyBert.Head.NONE), node -> node.is("ReduceMean")
                ? GraphNode.of(node.name(), "", "ReduceMean", node.inputs(), node.outputs(),
                        new Attribute.Wholes("axes", List.of(1L)))
                : node);

        EncoderRewrite.Result result = EncoderRewrite.of(model);

        assertThat(result.norms()).isZero();
        assertThat(result.skips()).isZero();
        assertThat(result.embeddings()).isZero();
    }

    @Test
    void leavesAPositionTableThatIsNotReadFromItsStartAlone() {
        OnnxModel model = changed(ToyBert.model(ToyBert.Style.TRACED, ToyBert.Head.NONE), node -> node.is("Slice")
                ? GraphNode.of(node.name(), "", "Slice",
                        List.of(node.inputs().get(0), node.inputs().get(3), node.inputs().get(2), node.inputs().get(3), node.inputs().get(4)), node.outputs())
                : node);

        assertThat(EncoderRewrite.of(model).embeddings()).isZero();
    }

    @Test
    void leavesAGraphWithoutAttentionAsItIs() {
        ModelGraph graph = new ModelGraph(
                "g",
                List.of(GraphNode.of("n", "", "Identity", List.of("input_ids"), List.of("out"))),
                List.of(),
                List.of(new GraphValue("input_ids", new GraphValue.Tensor(ElementType.INT64, Optional.empty()))),
                List.of(new GraphValue("out", new GraphValue.Tensor(ElementType.INT64, Optional.empty()))),
                List.of(),
                List.of());
        EncoderRewrite.Result result = EncoderRewrite.of(new OnnxModel(8, "", "", Map.of("", 13L), graph, Map.of(), List.of(), List.of()));

        assertThat(result.changed()).isFalse();
        assertThat(result.model().graph().nodes()).isEqualTo(graph.nodes());
    }

    /** Any graph that can be read comes through: nodes with inputs missing, unordered, or of other kinds than their operators have. */
    @Test
    void survivesMutatedGraphs() {
        OnnxModel toy = ToyBert.model(ToyBert.Style.SCRIPTED, ToyBert.Head.NONE);
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            List<GraphNode> nodes = new ArrayList<>(toy.graph().nodes());
            for (int change = 0; change < 3; change++) {
                int at = random.nextInt(nodes.size());
                GraphNode node = nodes.get(at);
                List<String> inputs = new ArrayList<>(node.inputs());
                switch (random.nextInt(4)) {
                    case 0 -> nodes.remove(at);
                    case 1 -> nodes.set(at, GraphNode.of(node.name(), "", node.operator(), List.of(), node.outputs()));
                    case 2 -> inputs.replaceAll(input -> nodes.get(random.nextInt(nodes.size())).outputs().getFirst());
                    default -> nodes.set(at, GraphNode.of(node.name(), "", nodes.get(random.nextInt(nodes.size())).operator(), inputs, node.outputs()));
                }
            }
            EncoderRewrite.Result result = EncoderRewrite.of(toy.with(toy.opsets(), toy.graph().with(nodes, toy.graph().initializers())));
            assertThat(result.model().graph().outputs()).isEqualTo(toy.graph().outputs());
        }
    }

    private static OnnxModel changed(OnnxModel model, UnaryOperator<GraphNode> change) {
        return model.with(model.opsets(), model.graph().with(model.graph().nodes().stream().map(change).toList(), model.graph().initializers()));
    }

    private static byte[] bytes(OnnxModel model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        model.write(out);
        return out.toByteArray();
    }
}
