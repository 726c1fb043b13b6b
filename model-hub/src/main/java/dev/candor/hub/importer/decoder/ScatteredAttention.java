package dev.candor.hub.importer.decoder;

import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.OnnxGraph;
import java.util.List;
import java.util.Optional;

/**
 * Attention by standard operators over a cache of fixed length: the new keys and values are scattered to their places, and all of the cache is
 * attended to under a mask. The query heads that share a key-value head stand side by side as rows of one product, so that no product has a single
 * row: ONNX Runtime multiplies single rows by another kernel, whose sums round differently. A head with keys of its own is put there twice.
 */
final class ScatteredAttention {
    private final DecoderSpec spec;
    private final RotaryCaches rotary;
    private final StepPositions positions;

    ScatteredAttention(DecoderSpec spec, RotaryCaches rotary, StepPositions positions) {
        this.spec = spec;
        this.rotary = rotary;
        this.positions = positions;
    }

    /** Rows that one token has in the products of one key-value head. */
    static int rowsPerToken(DecoderSpec spec) {
        return Math.max(2, spec.heads() / spec.kvHeads());
    }

    /**
     * Adds a layer to {@code target}.
     *
     * @param packed [B,S,(heads + 2·kvHeads)·headSize], not yet rotated
     * @param mask   [B,1,rowsPerToken·S,P]
     * @param out    names of what is attended to, [B,S,heads·headSize], and of the present keys and values
     */
    void attend(OnnxGraph target, int layer, String packed, String mask, List<String> out) {
        Heads heads = heads(target, layer, packed);
        String past = "past_key_values." + layer + ".";
        target.node("", "TensorScatter", List.of(past + "key", heads.keys(), positions.held()), List.of(out.get(1)), Attribute.of("axis", 2));
        target.node("", "TensorScatter", List.of(past + "value", heads.values(), positions.held()), List.of(out.get(2)), Attribute.of("axis", 2));
        String attended = attention(target, folded(target, heads.queries()), out, mask);
        String apart = target.node("Reshape", List.of(attended, target.constant("heads.apart", 0, spec.heads(), -1, spec.headSize())));
        String byToken = target.node("Transpose", List.of(apart), new Attribute.Wholes("perm", List.of(0L, 2L, 1L, 3L)));
        target.node("", "Reshape", List.of(byToken, target.constant("heads.joined", 0, 0, spec.queryWidth())), List.of(out.getFirst()));
    }

    /** Each [B,heads,S,headSize], queries and keys rotated. */
    private record Heads(String queries, String keys, String values) {}

    private Heads heads(OnnxGraph target, int layer, String packed) {
        int all = spec.heads() + 2 * spec.kvHeads();
        String split = target.node("Reshape", List.of(packed, target.constant("heads.all", 0, 0, all, spec.headSize())));
        String byHead = target.node("Transpose", List.of(split), new Attribute.Wholes("perm", List.of(0L, 2L, 1L, 3L)));
        Optional<Rope> rope = spec.layers().get(layer).rope();
        String block = "blk." + layer + ".scattered.";
        List<String> both = List.of(block + "turning", block + "values");
        split(target, byHead, target.constant("heads.turning", spec.heads() + spec.kvHeads(), spec.kvHeads()), both);
        String turned = rope.map(one -> rotated(target, both.getFirst(), one)).orElse(both.getFirst());
        List<String> turning = List.of(block + "queries", block + "keys");
        split(target, turned, target.constant("heads.turned", spec.heads(), spec.kvHeads()), turning);
        return new Heads(turning.getFirst(), turning.getLast(), both.getLast());
    }

    private static void split(OnnxGraph target, String input, String sizes, List<String> out) {
        target.node("", "Split", List.of(input, sizes), out, Attribute.of("axis", 1));
    }

    private String rotated(OnnxGraph target, String input, Rope rope) {
        RotaryCaches.Tables tables = rotary.of(rope);
        return target.node(
                OnnxGraph.MICROSOFT,
                "RotaryEmbedding",
                List.of(input, positions.positions(), tables.cosines(), tables.sines()),
                Attribute.of("interleaved", 0),
                Attribute.of("num_heads", spec.heads() + spec.kvHeads()),
                Attribute.of("rotary_embedding_dim", rope.dimensions() == spec.headSize() ? 0 : rope.dimensions()));
    }

    /** [B,kvHeads,rowsPerToken·S,headSize]. */
    private String folded(OnnxGraph target, String queries) {
        if (spec.heads() == spec.kvHeads()) {
            return target.node("Concat", List.of(queries, queries), Attribute.of("axis", 2));
        }
        return target.node("Reshape", List.of(queries, target.constant("heads.folded", 0, spec.kvHeads(), -1, spec.headSize())));
    }

    private String attention(OnnxGraph target, String queries, List<String> out, String mask) {
        String attended = target.node(
                "Attention",
                List.of(queries, out.get(1), out.get(2), mask),
                Attribute.of("scale", spec.scales().attention()),
                Attribute.of("softcap", spec.scales().attentionSoftcap()));
        if (spec.heads() != spec.kvHeads()) {
            return attended;
        }
        List<String> copies = List.of(attended + ".first", attended + ".second");
        target.node("", "Split", List.of(attended), copies, Attribute.of("axis", 2), Attribute.of("num_outputs", 2));
        return copies.getFirst();
    }
}
