package dev.candor.inference.engine.ort.device;

import dev.candor.hub.manifest.ModelConfig;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ort.ffm.ElementKind;
import dev.candor.inference.engine.ort.ffm.NativeSession;
import dev.candor.inference.engine.ort.ffm.TensorSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a decoder's graph takes and gives, once it is known to fit the model.
 *
 * @param inputs     by name
 * @param cacheKind  of keys and values, {@link ElementKind#FLOAT} or {@link ElementKind#FLOAT16}
 * @param logitsKind likewise
 */
record DeviceGraph(Map<String, TensorSpec> inputs, ElementKind cacheKind, ElementKind logitsKind) {
    static final String INPUT_IDS = "input_ids";
    static final String OUT_ROWS = "out_rows";
    static final String SEQLENS = "seqlens_k";
    static final String TOTAL = "total_sequence_length";
    /**
     * bool scalar, where the graph has two ways to attend: whether this run is to compute the bits of a prefill with any batch and length,
     * rather than be a prefill of several tokens of one sequence.
     */
    static final String EXACT_STEP = "exact_step";
    static final String LOGITS = "logits";

    private static final List<String> KINDS = List.of("key", "value");
    private static final Set<ElementKind> FLOATS = Set.of(ElementKind.FLOAT, ElementKind.FLOAT16);
    private static final int HEAD_AXIS = 1;
    private static final int SIZE_AXIS = 3;

    static int kinds() {
        return KINDS.size();
    }

    static String past(int layer, int kind) {
        return "past_key_values." + layer + "." + KINDS.get(kind);
    }

    static String present(int layer, int kind) {
        return "present." + layer + "." + KINDS.get(kind);
    }

    /** @throws ModelException naming what is missing, superfluous or of another shape or type */
    static DeviceGraph check(NativeSession session, ModelConfig model) throws ModelException {
        Map<String, TensorSpec> inputs = byName(session.inputs());
        Map<String, TensorSpec> outputs = byName(session.outputs());
        requireNames(inputs.keySet(), outputs.keySet(), model);
        ElementKind cache = inputs.get(past(0, 0)).kind();
        for (int layer = 0; layer < model.layers(); layer++) {
            for (int kind = 0; kind < kinds(); kind++) {
                checkCache(inputs.get(past(layer, kind)), cache, model);
                checkCache(outputs.get(present(layer, kind)), cache, model);
            }
        }
        TensorSpec logits = outputs.get(LOGITS);
        if (logits.shape().length != 2 || logits.shape()[1] != model.vocabSize() || !FLOATS.contains(logits.kind())) {
            throw new ModelException("the graph's logits must be floats [rows, " + model.vocabSize() + "]");
        }
        return new DeviceGraph(inputs, cache, logits.kind());
    }

    /** Whether decodes compute the bits of a prefill. */
    boolean exact() {
        return inputs.containsKey(EXACT_STEP);
    }

    private static void requireNames(Set<String> inputs, Set<String> outputs, ModelConfig model) throws ModelException {
        Set<String> wanted = new TreeSet<>(Set.of(INPUT_IDS, OUT_ROWS, SEQLENS, TOTAL));
        Set<String> given = new TreeSet<>(Set.of(LOGITS));
        for (int layer = 0; layer < model.layers(); layer++) {
            for (int kind = 0; kind < kinds(); kind++) {
                wanted.add(past(layer, kind));
                given.add(present(layer, kind));
            }
        }
        Set<String> found = new TreeSet<>(inputs);
        found.remove(EXACT_STEP);
        if (!found.equals(wanted)) {
            throw new ModelException("the graph's inputs are not those of a decoder with " + model.layers() + " layers that runs on a device: expected "
                    + wanted + ", found " + new TreeSet<>(inputs));
        }
        if (!outputs.containsAll(given)) {
            throw new ModelException(
                    "the graph lacks outputs of a decoder with " + model.layers() + " layers: expected " + given + ", found " + new TreeSet<>(outputs));
        }
    }

    private static void checkCache(TensorSpec spec, ElementKind kind, ModelConfig model) throws ModelException {
        long[] shape = spec.shape();
        if (shape.length != SIZE_AXIS + 1 || shape[HEAD_AXIS] != model.kvHeads() || shape[SIZE_AXIS] != model.headSize()) {
            throw new ModelException(
                    "the graph's " + spec.name() + " must be [batch, " + model.kvHeads() + ", length, " + model.headSize() + "]");
        }
        if (spec.kind() != kind || !FLOATS.contains(kind)) {
            throw new ModelException("the graph's " + spec.name() + " is " + spec.kind() + ": keys and values must all be FLOAT or all FLOAT16");
        }
    }

    private static Map<String, TensorSpec> byName(List<TensorSpec> specs) {
        Map<String, TensorSpec> map = new HashMap<>();
        specs.forEach(spec -> map.put(spec.name(), spec));
        return map;
    }
}
