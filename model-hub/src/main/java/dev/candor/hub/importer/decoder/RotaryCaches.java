package dev.candor.hub.importer.decoder;

import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.ExternalData;
import dev.candor.hub.onnx.OnnxGraph;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tables of cosines and sines, [context, dimensions/2], one pair for each rotary embedding that the layers use. */
public final class RotaryCaches {
    /** Names of a pair of tables within the graph. */
    public record Tables(String cosines, String sines) {}

    private final DecoderSpec spec;
    private final OnnxGraph graph;
    private final WeightWriter writer;
    private final ElementType type;
    private final Map<Rope, Tables> tables = new LinkedHashMap<>();

    RotaryCaches(DecoderSpec spec, OnnxGraph graph, WeightWriter writer, ElementType type) {
        this.spec = spec;
        this.graph = graph;
        this.writer = writer;
        this.type = type;
    }

    /** Writes the tables of all layers. */
    void write() throws IOException {
        for (LayerAttention layer : spec.layers()) {
            if (layer.rope().isPresent() && !tables.containsKey(layer.rope().get())) {
                tables.put(layer.rope().get(), write(layer.rope().get(), tables.isEmpty() ? "rotary" : "rotary." + tables.size()));
            }
        }
    }

    /** The tables that {@code rope} turns by. */
    public Tables of(Rope rope) {
        return tables.get(rope);
    }

    private Tables write(Rope rope, String name) throws IOException {
        RotaryFrequencies frequencies = new RotaryFrequencies(rope);
        double factor = frequencies.attentionFactor();
        double[] values = frequencies.values();
        Tables made = new Tables(name + ".cos", name + ".sin");
        table(made.cosines(), values, angle -> StrictMath.cos(angle) * factor);
        table(made.sines(), values, angle -> StrictMath.sin(angle) * factor);
        return made;
    }

    private interface Wave {
        double at(double angle);
    }

    private void table(String name, double[] frequencies, Wave wave) throws IOException {
        int pairs = frequencies.length;
        float[] row = new float[pairs];
        ExternalData.Region region = writer.rows(type, spec.context(), pairs, position -> {
            for (int i = 0; i < pairs; i++) {
                row[i] = (float) wave.at(position * frequencies[i]);
            }
            return row;
        });
        graph.weights(name, type, region, spec.context(), pairs);
    }
}
