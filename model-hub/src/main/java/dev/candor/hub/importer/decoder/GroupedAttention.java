package dev.candor.hub.importer.decoder;

import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.OnnxGraph;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Attention by ONNX Runtime's GroupQueryAttention, which rotates, appends to the cache and attends in one operator.
 *
 * <p>Inputs: {@code seqlens_k} int32 [B], tokens of each sequence including the new ones, less one; {@code total_sequence_length} int32 scalar, the
 * largest of them; {@code past_key_values.i.key} and {@code .value} [B,kvHeads,P,headSize]. Outputs: {@code present.i.key}, {@code .value}
 * [B,kvHeads,T,headSize], which may share their buffers with the past ones.
 */
public final class GroupedAttention implements AttentionGraph {
    /** The operator's inputs up to the rotary tables. */
    private static final int ROTARY_END = 9;

    private final DecoderSpec spec;
    private final OnnxGraph graph;
    private final RotaryCaches rotary;
    private final ElementType type;

    GroupedAttention(DecoderSpec spec, OnnxGraph graph, RotaryCaches rotary, ElementType type) {
        this.spec = spec;
        this.graph = graph;
        this.rotary = rotary;
        this.type = type;
    }

    @Override
    public void declare() {
        graph.input("seqlens_k", ElementType.INT32, "B");
        graph.input("total_sequence_length", ElementType.INT32);
        for (int layer = 0; layer < spec.layers().size(); layer++) {
            for (String part : List.of("key", "value")) {
                graph.input("past_key_values." + layer + "." + part, type, "B", spec.kvHeads(), "P", spec.headSize());
                graph.output("present." + layer + "." + part, type, "B", spec.kvHeads(), "T", spec.headSize());
            }
        }
    }

    @Override
    public String attend(int layer, String packed) {
        String attended = "blk." + layer + ".attended";
        String present = "present." + layer + ".";
        attend(graph, layer, packed, List.of(attended, present + "key", present + "value"), List.of());
        return attended;
    }

    /**
     * Adds a layer's attention to {@code target}.
     *
     * @param out  names of what is attended to and of the present keys and values
     * @param more the operator's inputs from the tenth on
     */
    void attend(OnnxGraph target, int layer, String packed, List<String> out, List<String> more) {
        String past = "past_key_values." + layer + ".";
        LayerAttention attention = spec.layers().get(layer);
        Optional<RotaryCaches.Tables> tables = attention.rope().map(rotary::of);
        List<String> inputs = new ArrayList<>(List.of(packed, "", "", past + "key", past + "value", "seqlens_k", "total_sequence_length"));
        tables.ifPresent(pair -> inputs.addAll(List.of(pair.cosines(), pair.sines())));
        if (!more.isEmpty()) {
            inputs.addAll(Collections.nCopies(ROTARY_END - inputs.size(), ""));
            inputs.addAll(more);
        }
        List<Attribute> attributes = new ArrayList<>(List.of(
                Attribute.of("num_heads", spec.heads()),
                Attribute.of("kv_num_heads", spec.kvHeads()),
                Attribute.of("do_rotary", tables.isPresent() ? 1 : 0),
                Attribute.of("rotary_interleaved", 0),
                Attribute.of("scale", spec.scales().attention())));
        if (attention.window() > 0) {
            attributes.add(Attribute.of("local_window_size", attention.window()));
        }
        if (spec.scales().attentionSoftcap() > 0) {
            attributes.add(Attribute.of("softcap", spec.scales().attentionSoftcap()));
        }
        target.node(OnnxGraph.MICROSOFT, "GroupQueryAttention", inputs, out, attributes.toArray(Attribute[]::new));
    }
}
