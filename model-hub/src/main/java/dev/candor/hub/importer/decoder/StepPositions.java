package dev.candor.hub.importer.decoder;

import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.OnnxGraph;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the new tokens of a run stand in their sequences, and what they see of the cache; each computed once a run. */
final class StepPositions {
    private static final int INT64 = 7;
    private static final String CACHE = "past_key_values.0.key";

    private final OnnxGraph graph;
    private final int rowsPerToken;
    private final Map<Integer, String> masks = new HashMap<>();
    private String held;
    private String positions;

    /** @param rowsPerToken rows of attention that a token has side by side */
    StepPositions(OnnxGraph graph, int rowsPerToken) {
        this.graph = graph;
        this.rowsPerToken = rowsPerToken;
    }

    /** Tokens that each sequence had before the run: int64 [B]. */
    String held() {
        compute();
        return held;
    }

    /** Positions of the new tokens: int64 [B,S]. */
    String positions() {
        compute();
        return positions;
    }

    private void compute() {
        if (held != null) {
            return;
        }
        String tokens = graph.node("Shape", List.of("input_ids"), Attribute.of("start", 1), Attribute.of("end", 2));
        String last = graph.node("Cast", List.of("seqlens_k"), Attribute.of("to", INT64));
        String total = graph.node("Add", List.of(last, graph.constant("positions.one", 1)));
        held = graph.node("Sub", List.of(total, tokens));
        String columns = graph.node("Unsqueeze", List.of(held, graph.constant("positions.one", 1)));
        positions = graph.node("Add", List.of(columns, range(graph, tokens)));
    }

    private static String range(OnnxGraph target, String length) {
        String end = target.node("Squeeze", List.of(length));
        String start = target.node("Squeeze", List.of(target.constant("positions.zero", 0)));
        String step = target.node("Squeeze", List.of(target.constant("positions.one", 1)));
        return target.node("Range", List.of(start, end, step));
    }

    /** The mask of layers that see all tokens, [B,1,rows,P] of 0 and -infinity, computed only where {@code condition} holds. */
    String stepMask(String condition) {
        return masks.computeIfAbsent(0, window -> {
            compute();
            OnnxGraph step = graph.branch("mask.step");
            step.output("mask.step.out", ElementType.FLOAT, "B", 1, "R", "P");
            mask(step, 0, "mask.step.out");
            OnnxGraph prefill = graph.branch("mask.prefill");
            prefill.output("mask.prefill.out", ElementType.FLOAT, "B", 1, "R", "P");
            prefill.node("", "ConstantOfShape", List.of(graph.constant("mask.none", 1, 1, 1, 1)), List.of("mask.prefill.out"));
            graph.choose(condition, step, prefill, List.of("mask"));
            return "mask";
        });
    }

    /** The mask of layers that see the last {@code window} tokens, [B,1,rows,P]. */
    String windowMask(int window) {
        return masks.computeIfAbsent(window, wanted -> {
            compute();
            String name = "mask." + wanted;
            mask(graph, wanted, name);
            return name;
        });
    }

    private void mask(OnnxGraph target, int window, String out) {
        String length = target.node("Shape", List.of(CACHE), Attribute.of("start", 2), Attribute.of("end", 3));
        String columns = range(target, length);
        String rows = target.node("Unsqueeze", List.of(positions, target.constant("axes.row", 1, 3)));
        String all = target.node("Tile", List.of(rows, target.constant("rows.repeat", 1, 1, rowsPerToken, 1)));
        String hidden = target.node("Greater", List.of(columns, all));
        if (window > 0) {
            String bound = target.node("Sub", List.of(all, target.constant("window." + window, window)));
            hidden = target.node("Or", List.of(hidden, target.node("LessOrEqual", List.of(columns, bound))));
        }
        String infinity = graph.scalar("mask.hidden", ElementType.FLOAT, Float.NEGATIVE_INFINITY);
        target.node("", "Where", List.of(hidden, infinity, graph.scalar("mask.seen", ElementType.FLOAT, 0)), List.of(out));
    }
}
