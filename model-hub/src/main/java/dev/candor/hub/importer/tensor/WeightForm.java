package dev.candor.hub.importer.tensor;

import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.Initializer;
import dev.candor.hub.onnx.ModelGraph;
import java.util.EnumMap;
import java.util.Map;

/** What a graph's precision is called: the type that most bytes of its weights have. */
final class WeightForm {
    private WeightForm() {}

    /** For example {@code fp32}, {@code fp16}, {@code int8}; {@code fp32} where there are no weights. */
    static String of(ModelGraph graph) {
        Map<ElementType, Long> bytes = new EnumMap<>(ElementType.class);
        for (Initializer tensor : graph.initializers()) {
            bytes.merge(tensor.type(), tensor.type().bytes(tensor.elements()), Long::sum);
        }
        return label(bytes.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse(ElementType.FLOAT));
    }

    private static String label(ElementType type) {
        return switch (type) {
            case FLOAT16 -> "fp16";
            case BFLOAT16 -> "bf16";
            case DOUBLE -> "fp64";
            case INT8, UINT8 -> "int8";
            case INT4, UINT4 -> "int4";
            default -> "fp32";
        };
    }
}
