package dev.candor.hub.importer.exported;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.onnx.GraphValue;
import dev.candor.hub.onnx.ModelGraph;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The numbers of an exported decoder: what the graph tells is read off the graph, the rest comes from config.json.
 *
 * @param context longest sequence in tokens
 */
record ExportedShape(int layers, int heads, int kvHeads, int headSize, int hidden, int vocabulary, int context) {
    private static final Pattern PAST = Pattern.compile("past_key_values\\.(\\d{1,4})\\.(key|value)");
    private static final int MAX = 1 << 24;
    private static final int UNTOLD_CONTEXT = 2048;

    static ExportedShape read(ModelGraph graph, JsonNode config, OptionalInt asked) throws ImportException {
        Map<String, GraphValue> inputs = graph.inputs().stream().collect(Collectors.toMap(GraphValue::name, Function.identity(), (one, other) -> one));
        int layers = layers(inputs.keySet());
        List<GraphValue.Dimension> keys = shape(inputs, "past_key_values.0.key", 4);
        int heads = number(config, "num_attention_heads", "n_head", "n_heads");
        int hidden = number(config, "hidden_size", "n_embd", "d_model");
        int kvHeads = size(keys.get(1), "heads", config.path("num_key_value_heads").asInt(heads));
        int headSize = size(keys.get(3), "size of a head", config.path("head_dim").asInt(hidden / heads));
        return new ExportedShape(layers, heads, kvHeads, headSize, hidden, vocabulary(graph, config), context(config, asked));
    }

    private static int layers(Collection<String> inputs) throws ImportException {
        int layers = -1;
        for (String input : inputs) {
            Matcher matcher = PAST.matcher(input);
            if (matcher.matches()) {
                layers = Math.max(layers, Integer.parseInt(matcher.group(1)));
            }
        }
        if (layers < 0) {
            throw new ImportException("the graph has no inputs past_key_values.N.key and .value: export it as text-generation-with-past");
        }
        return layers + 1;
    }

    private static List<GraphValue.Dimension> shape(Map<String, GraphValue> values, String name, int rank) throws ImportException {
        if (values.get(name) != null && values.get(name).type() instanceof GraphValue.Tensor tensor && tensor.shape().isPresent()
                && tensor.shape().get().size() == rank) {
            return tensor.shape().get();
        }
        throw new ImportException("the graph has no '" + name + "' of " + rank + " dimensions");
    }

    private static int size(GraphValue.Dimension dimension, String what, int configured) throws ImportException {
        long size = dimension.free() ? configured : dimension.size();
        if (size < 1 || size > MAX) {
            throw new ImportException("neither the graph nor config.json tells the " + what + " of the cache");
        }
        return (int) size;
    }

    private static int vocabulary(ModelGraph graph, JsonNode config) throws ImportException {
        Map<String, GraphValue> outputs = graph.outputs().stream().collect(Collectors.toMap(GraphValue::name, Function.identity(), (one, other) -> one));
        return size(shape(outputs, "logits", 3).get(2), "vocabulary", config.path("vocab_size").asInt(-1));
    }

    private static int context(JsonNode config, OptionalInt asked) throws ImportException {
        String[] names = {"max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "max_sequence_length"};
        boolean told = Arrays.stream(names).anyMatch(name -> config.path(name).isIntegralNumber());
        if (asked.isPresent()) {
            return told ? Math.min(asked.getAsInt(), number(config, names)) : asked.getAsInt();
        }
        // Graphs without positions of their own tell none.
        return told ? number(config, names) : UNTOLD_CONTEXT;
    }

    private static int number(JsonNode config, String... names) throws ImportException {
        for (String name : names) {
            if (config.path(name).isIntegralNumber() && config.path(name).canConvertToInt() && config.path(name).intValue() > 0
                    && config.path(name).intValue() <= MAX) {
                return config.path(name).intValue();
            }
        }
        throw new ImportException("config.json has none of " + String.join(", ", names));
    }
}
