package dev.candor.hub.importer;

import dev.candor.hub.importer.gguf.GgufTensor;
import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.OnnxGraph;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * The decoder of the llama architecture as an ONNX graph.
 *
 * <p>Inputs: {@code input_ids} int64 [B,S]; {@code out_rows} int64 [R], rows of the flattened [B·S] whose logits are wanted; {@code seqlens_k} int32
 * [B], tokens of each sequence including the new ones, less one; {@code total_sequence_length} int32 scalar, the largest of them;
 * {@code past_key_values.i.key} and {@code .value} float [B,kvHeads,P,headSize]. Outputs: {@code logits} float [R,vocabulary] and
 * {@code present.i.key}, {@code .value} float [B,kvHeads,T,headSize], which may share their buffers with the past ones.
 */
final class LlamaGraph {
    private static final String CONTRIB = OnnxGraph.MICROSOFT;

    private final LlamaShape shape;
    private final TensorSet tensors;
    private final OnnxGraph graph;
    private final WeightWriter writer;
    private final DecoderWeights weights;

    LlamaGraph(LlamaShape shape, TensorSet tensors, OnnxGraph graph, WeightWriter writer, ModelForm form) {
        this.shape = shape;
        this.tensors = tensors;
        this.graph = graph;
        this.writer = writer;
        this.weights = switch (form) {
            case FP32 -> new FloatWeights(graph, writer);
            case Q8 -> new BlockWeights(graph, writer);
            case Q4EXACT -> new ExactWeights(graph, writer);
        };
    }

    /** The running sum of the layers and what the last one has yet to add to it. */
    private record Residual(String sum, String addend) {}

    /** A normalised input of a layer, and the residual sum it was made from. */
    private record Normed(String value, String sum) {}

    void build() throws IOException {
        declareInputs();
        rotaryCache();
        WeightMatrix table = single(tensors.matrix("token_embd.weight", shape.vocabulary(), shape.hidden()));
        String embedded = weights.embed(table, "input_ids");
        Residual residual = new Residual(embedded, "");
        for (int layer = 0; layer < shape.layers(); layer++) {
            residual = feedForward(layer, attention(layer, residual));
        }
        head(residual, table);
        tensors.requireAllTaken();
    }

    private void declareInputs() {
        graph.input("input_ids", ElementType.INT64, "B", "S");
        graph.input("out_rows", ElementType.INT64, "R");
        graph.input("seqlens_k", ElementType.INT32, "B");
        graph.input("total_sequence_length", ElementType.INT32);
        graph.output("logits", ElementType.FLOAT, "R", shape.vocabulary());
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (String part : List.of("key", "value")) {
                graph.input("past_key_values." + layer + "." + part, ElementType.FLOAT, "B", shape.kvHeads(), "P", shape.headSize());
                graph.output("present." + layer + "." + part, ElementType.FLOAT, "B", shape.kvHeads(), "T", shape.headSize());
            }
        }
    }

    private void rotaryCache() throws IOException {
        int half = shape.headSize() / 2;
        float[] divisors = new float[half];
        Arrays.fill(divisors, 1);
        if (tensors.has("rope_freqs.weight")) {
            tensors.vector("rope_freqs.weight", half).decode(0, 0, half, divisors, 0);
        }
        RotaryCache cache = RotaryCache.of(shape.context(), shape.headSize(), shape.ropeBase(), divisors);
        graph.weights("rotary.cos", ElementType.FLOAT, writer.vector(cache.cosines()), shape.context(), half);
        graph.weights("rotary.sin", ElementType.FLOAT, writer.vector(cache.sines()), shape.context(), half);
    }

    private Residual attention(int layer, Residual residual) throws IOException {
        String block = "blk." + layer + ".";
        Normed normed = norm(residual, block + "attn_norm.weight");
        WeightMatrix qkv = new WeightMatrix(List.of(
                WeightMatrix.Part.rotary(tensors.matrix(block + "attn_q.weight", shape.queryWidth(), shape.hidden()), shape.headSize()),
                WeightMatrix.Part.rotary(tensors.matrix(block + "attn_k.weight", shape.keyWidth(), shape.hidden()), shape.headSize()),
                WeightMatrix.Part.of(tensors.matrix(block + "attn_v.weight", shape.keyWidth(), shape.hidden()))));
        String packed = weights.project(block + "qkv", normed.value(), qkv);
        String past = "past_key_values." + layer + ".";
        String present = "present." + layer + ".";
        String attended = block + "attended";
        graph.node(
                CONTRIB,
                "GroupQueryAttention",
                List.of(packed, "", "", past + "key", past + "value", "seqlens_k", "total_sequence_length", "rotary.cos", "rotary.sin"),
                List.of(attended, present + "key", present + "value"),
                Attribute.of("num_heads", shape.heads()),
                Attribute.of("kv_num_heads", shape.kvHeads()),
                Attribute.of("do_rotary", 1),
                Attribute.of("rotary_interleaved", 0),
                Attribute.of("scale", (float) (1 / StrictMath.sqrt(shape.headSize()))));
        GgufTensor output = tensors.matrix(block + "attn_output.weight", shape.hidden(), shape.queryWidth());
        return new Residual(normed.sum(), weights.project(block + "attn_output", attended, single(output)));
    }

    private Residual feedForward(int layer, Residual residual) throws IOException {
        String block = "blk." + layer + ".";
        Normed normed = norm(residual, block + "ffn_norm.weight");
        WeightMatrix gateUp = new WeightMatrix(List.of(
                WeightMatrix.Part.of(tensors.matrix(block + "ffn_gate.weight", shape.feedForward(), shape.hidden())),
                WeightMatrix.Part.of(tensors.matrix(block + "ffn_up.weight", shape.feedForward(), shape.hidden()))));
        String both = weights.project(block + "ffn_gate_up", normed.value(), gateUp);
        List<String> halves = List.of(block + "ffn_gate", block + "ffn_up");
        graph.node("", "Split", List.of(both), halves, Attribute.of("axis", -1), Attribute.of("num_outputs", 2));
        String gate = graph.node(CONTRIB, "QuickGelu", List.of(halves.getFirst()), Attribute.of("alpha", 1f));
        String gated = graph.node("Mul", List.of(gate, halves.getLast()));
        GgufTensor down = tensors.matrix(block + "ffn_down.weight", shape.hidden(), shape.feedForward());
        return new Residual(normed.sum(), weights.project(block + "ffn_down", gated, single(down)));
    }

    private void head(Residual residual, WeightMatrix table) throws IOException {
        String sum = graph.node("Add", List.of(residual.sum(), residual.addend()));
        String flat = graph.node("Reshape", List.of(sum, graph.constant("flat", -1, shape.hidden())));
        String wanted = graph.node("Gather", List.of(flat, "out_rows"));
        String normed = simpleNorm(wanted, "output_norm.weight");
        boolean tied = !tensors.has("output.weight");
        WeightMatrix matrix = tied ? table : single(tensors.matrix("output.weight", shape.vocabulary(), shape.hidden()));
        String logits = weights.head(normed, matrix, tied);
        graph.node("", "Identity", List.of(logits), List.of("logits"));
    }

    private Normed norm(Residual residual, String tensor) throws IOException {
        if (residual.addend().isEmpty()) {
            return new Normed(simpleNorm(residual.sum(), tensor), residual.sum());
        }
        String gain = gain(tensor);
        Normed normed = new Normed(tensor + ".normed", tensor + ".sum");
        graph.node(
                CONTRIB,
                "SkipSimplifiedLayerNormalization",
                List.of(residual.sum(), residual.addend(), gain),
                List.of(normed.value(), "", "", normed.sum()),
                Attribute.of("epsilon", shape.epsilon()));
        return normed;
    }

    private String simpleNorm(String input, String tensor) throws IOException {
        return graph.node(
                "SimplifiedLayerNormalization",
                List.of(input, gain(tensor)),
                Attribute.of("axis", -1),
                Attribute.of("epsilon", shape.epsilon()),
                Attribute.of("stash_type", 1));
    }

    private String gain(String tensor) throws IOException {
        return graph.weights(tensor, ElementType.FLOAT, writer.vector(tensors.vector(tensor, shape.hidden())), shape.hidden());
    }

    private static WeightMatrix single(GgufTensor tensor) {
        return new WeightMatrix(List.of(WeightMatrix.Part.of(tensor)));
    }
}
