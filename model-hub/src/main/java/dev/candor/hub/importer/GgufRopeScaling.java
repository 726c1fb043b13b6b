package dev.candor.hub.importer;

import dev.candor.hub.importer.decoder.RopeScaling;
import dev.candor.hub.importer.gguf.GgufMetadata;
import dev.candor.hub.importer.source.EncodedTensor;
import dev.candor.hub.importer.source.ImportException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** How a GGUF file scales its rotary embedding: by metadata, or by a tensor of divisors. */
record GgufRopeScaling(GgufMetadata metadata, Map<String, EncodedTensor> tensors, String architecture) {
    private static final int MAX_CONTEXT = 1 << 24;

    /**
     * @param dimensions of a head that are rotated
     * @param context    longest sequence that will be served
     */
    RopeScaling read(int dimensions, int context) throws IOException {
        String prefix = architecture + ".rope.scaling.";
        String type = metadata.optionalText(prefix + "type").orElse("none");
        if (tensors.containsKey("rope_factors_long.weight")) {
            int original = metadata.whole(prefix + "original_context_length", 1, MAX_CONTEXT);
            String set = context > original ? "long" : "short";
            return divided("rope_factors_" + set + ".weight", dimensions, longAttentionFactor(prefix, original));
        }
        boolean divided = tensors.containsKey("rope_freqs.weight");
        if (divided && !type.equals("none")) {
            throw new ImportException("the model scales its rotary embedding twice: by " + prefix + "type and by rope_freqs.weight");
        }
        return switch (type) {
            case "none" -> divided ? divided("rope_freqs.weight", dimensions, 1) : unnamed();
            case "linear" -> new RopeScaling.Linear(metadata.positive(prefix + "factor"));
            case "yarn" -> yarn(prefix);
            default -> throw new ImportException("the model scales its rotary embedding by " + type + " (" + prefix + "type), which is not imported");
        };
    }

    /** Old files give a linear factor alone. */
    private RopeScaling unnamed() throws IOException {
        double factor = metadata.positive(architecture + ".rope.scale_linear", 1);
        return factor == 1 ? new RopeScaling.None() : new RopeScaling.Linear(factor);
    }

    private RopeScaling yarn(String prefix) throws IOException {
        double factor = metadata.positive(prefix + "factor");
        double magnitude = metadata.positive(prefix + "attn_factor", metadata.positive(prefix + "yarn_attn_factor", 1));
        return new RopeScaling.Yarn(
                factor,
                metadata.positive(prefix + "yarn_beta_fast", 32),
                metadata.positive(prefix + "yarn_beta_slow", 1),
                metadata.whole(prefix + "original_context_length", 1, MAX_CONTEXT),
                magnitude * RopeScaling.Yarn.defaultAttentionFactor(factor),
                true);
    }

    private double longAttentionFactor(String prefix, int original) throws IOException {
        if (metadata.has(prefix + "attn_factor")) {
            return metadata.positive(prefix + "attn_factor");
        }
        double factor = (double) metadata.whole(architecture + ".context_length", 1, MAX_CONTEXT) / original;
        return factor <= 1 ? 1 : StrictMath.sqrt(1 + StrictMath.log(factor) / StrictMath.log(original));
    }

    private RopeScaling divided(String name, int dimensions, double attentionFactor) throws ImportException {
        EncodedTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new ImportException("tensor " + name + " is missing");
        }
        int pairs = dimensions / 2;
        if (!tensor.dimensions().equals(List.of((long) pairs))) {
            throw new ImportException("tensor " + name + " is " + tensor.shape() + ", the model's configuration asks for " + pairs);
        }
        float[] divisors = new float[pairs];
        tensor.decode(0, 0, pairs, divisors, 0);
        for (float divisor : divisors) {
            if (!(divisor > 0) || Float.isInfinite(divisor)) {
                throw new ImportException("tensor " + name + " holds " + divisor + "; rotary factors must be finite and above 0");
            }
        }
        return RopeScaling.Divided.of(divisors, attentionFactor);
    }
}
