package dev.candor.hub.importer.decoder;

import dev.candor.hub.importer.source.Role;
import dev.candor.hub.importer.source.WeightMatrix;
import dev.candor.hub.importer.source.WeightSource;
import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.OnnxGraph;
import java.io.IOException;
import java.util.List;

/** The queries, keys and values of a layer: one projection, its bias, and the norms over single heads. */
final class ProjectionInputs {
    private final DecoderSpec spec;
    private final WeightSource source;
    private final OnnxGraph graph;
    private final WeightWriter writer;
    private final DecoderWeights weights;
    private String sequences;

    ProjectionInputs(DecoderSpec spec, WeightSource source, OnnxGraph graph, WeightWriter writer, DecoderWeights weights) {
        this.spec = spec;
        this.source = source;
        this.graph = graph;
        this.writer = writer;
        this.weights = weights;
    }

    /** [B,S,(heads + 2·kvHeads)·headSize] of {@code input}, [B,S,hidden] or flat. */
    String packed(int layer, String input) throws IOException {
        String block = "blk." + layer + ".";
        WeightMatrix qkv = new WeightMatrix(List.of(
                source.matrix(Role.QUERY, layer, spec.queryWidth(), spec.hidden()),
                source.matrix(Role.KEY, layer, spec.keyWidth(), spec.hidden()),
                source.matrix(Role.VALUE, layer, spec.keyWidth(), spec.hidden())));
        String packed = weights.project(block + "qkv", input, qkv);
        if (spec.parts().qkvBias()) {
            packed = graph.node("Add", List.of(packed, bias(layer, block)));
        }
        if (spec.parts().headNorms()) {
            return normed(layer, block, packed);
        }
        return weights.flat() ? inSequences(packed, qkv.rows()) : packed;
    }

    private String bias(int layer, String block) throws IOException {
        int width = spec.queryWidth() + 2 * spec.keyWidth();
        float[] all = new float[width];
        System.arraycopy(source.vector(Role.QUERY_BIAS, layer, spec.queryWidth()), 0, all, 0, spec.queryWidth());
        System.arraycopy(source.vector(Role.KEY_BIAS, layer, spec.keyWidth()), 0, all, spec.queryWidth(), spec.keyWidth());
        System.arraycopy(source.vector(Role.VALUE_BIAS, layer, spec.keyWidth()), 0, all, width - spec.keyWidth(), spec.keyWidth());
        return graph.weights(block + "qkv.bias", weights.type(), writer.vector(weights.type(), all), width);
    }

    private String normed(int layer, String block, String packed) throws IOException {
        int heads = spec.heads() + 2 * spec.kvHeads();
        String apart = weights.flat()
                ? graph.constant("heads.flat", -1, heads, spec.headSize())
                : graph.constant("heads", 0, 0, heads, spec.headSize());
        String byHead = graph.node("Reshape", List.of(packed, apart));
        List<String> split = List.of(block + "queries", block + "keys", block + "values");
        graph.node(
                "",
                "Split",
                List.of(byHead, graph.constant("heads.split", spec.heads(), spec.kvHeads(), spec.kvHeads())),
                split,
                Attribute.of("axis", -2));
        String queries = headNorm(block + "attn_q_norm.weight", split.get(0), Role.QUERY_NORM, layer);
        String keys = headNorm(block + "attn_k_norm.weight", split.get(1), Role.KEY_NORM, layer);
        String again = graph.node("Concat", List.of(queries, keys, split.get(2)), Attribute.of("axis", -2));
        int width = heads * spec.headSize();
        return weights.flat() ? inSequences(again, width) : graph.node("Reshape", List.of(again, graph.constant("heads.packed", 0, 0, width)));
    }

    private String headNorm(String name, String input, Role role, int layer) throws IOException {
        float[] values = source.vector(role, layer, spec.headSize());
        String gain = graph.weights(name, weights.type(), writer.vector(weights.type(), values), values.length);
        return graph.node(
                "SimplifiedLayerNormalization",
                List.of(input, gain),
                Attribute.of("axis", -1),
                Attribute.of("epsilon", spec.epsilon()),
                Attribute.of("stash_type", 1));
    }

    /** Flat rows as [B,S,width]. */
    private String inSequences(String flat, int width) {
        if (sequences == null) {
            String lengths = graph.node("Shape", List.of("input_ids"));
            sequences = graph.node("Concat", List.of(lengths, graph.constant("sequences.width", width)), Attribute.of("axis", 0));
        }
        return graph.node("Reshape", List.of(flat, sequences));
    }
}
