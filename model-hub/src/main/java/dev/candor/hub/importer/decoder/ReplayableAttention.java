package dev.candor.hub.importer.decoder;

import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.OnnxGraph;
import java.util.Arrays;
import java.util.List;

/**
 * Attention whose steps of a batch give the very bits that one prefill of each sequence gives, so that a transcript is checked by one prefill.
 *
 * <p>One more input than {@link GroupedAttention}: {@code exact_step}, a scalar BOOL. Where it is true, the run may be [B,S] with sequences of any
 * lengths, and a layer attends by {@link ScatteredAttention}; P must then be a multiple of 64 and hold the new tokens, and the cache be finite behind
 * each sequence's end. Where it is false, the run is [1,S] with S above 1, and a layer that sees all tokens attends by GroupQueryAttention with its
 * flash path off, which is faster for many tokens and gives the same bits. Layers with a window always attend the first way, since the other one adds
 * the probabilities within a window up in another order.
 */
final class ReplayableAttention implements AttentionGraph {
    /** The bool input that tells steps from prefills. */
    static final String EXACT_STEP = "exact_step";

    /** The first standard operator set with TensorScatter. */
    private static final int OPSET = 24;

    /** A sink of this weight changes no probability, but ONNX Runtime 1.29 has no flash path with a sink. */
    private static final float NO_SINK = -1e30f;

    private final DecoderSpec spec;
    private final OnnxGraph graph;
    private final GroupedAttention grouped;
    private final StepPositions positions;
    private final ScatteredAttention scattered;

    ReplayableAttention(DecoderSpec spec, OnnxGraph graph, RotaryCaches rotary, GroupedAttention grouped) {
        this.spec = spec;
        this.graph = graph;
        this.grouped = grouped;
        this.positions = new StepPositions(graph, ScatteredAttention.rowsPerToken(spec));
        this.scattered = new ScatteredAttention(spec, rotary, positions);
    }

    @Override
    public void declare() {
        graph.requireOpset(OPSET);
        graph.input(EXACT_STEP, ElementType.BOOL);
        grouped.declare();
    }

    @Override
    public String attend(int layer, String packed) {
        String block = "blk." + layer + ".";
        String present = "present." + layer + ".";
        List<String> out = List.of(block + "attended", present + "key", present + "value");
        if (spec.layers().get(layer).window() > 0) {
            scattered.attend(graph, layer, packed, positions.windowMask(spec.layers().get(layer).window()), out);
            return out.getFirst();
        }
        String mask = positions.stepMask(EXACT_STEP);
        OnnxGraph step = branch(block + "step");
        scattered.attend(step, layer, packed, mask, outputs(block + "step"));
        OnnxGraph prefill = branch(block + "prefill");
        String sink = graph.floats("head_sink", sinks());
        grouped.attend(prefill, layer, packed, outputs(block + "prefill"), List.of("", "", sink));
        graph.choose(EXACT_STEP, step, prefill, out);
        return out.getFirst();
    }

    private OnnxGraph branch(String name) {
        OnnxGraph branch = graph.branch(name);
        List<String> out = outputs(name);
        branch.output(out.get(0), ElementType.FLOAT, "B", "S", spec.queryWidth());
        branch.output(out.get(1), ElementType.FLOAT, "B", spec.kvHeads(), "T", spec.headSize());
        branch.output(out.get(2), ElementType.FLOAT, "B", spec.kvHeads(), "T", spec.headSize());
        return branch;
    }

    private static List<String> outputs(String branch) {
        return List.of(branch + ".attended", branch + ".key", branch + ".value");
    }

    private float[] sinks() {
        float[] sinks = new float[spec.heads()];
        Arrays.fill(sinks, NO_SINK);
        return sinks;
    }
}
