package dev.candor.hub.importer.hf;

import dev.candor.hub.importer.decoder.Rope;
import dev.candor.hub.importer.decoder.RopeScaling;
import dev.candor.hub.importer.source.ImportException;
import java.util.Optional;

/**
 * The rotary embeddings of a {@code config.json}: {@code rope_theta} and {@code rope_scaling}, or the {@code rope_parameters} that transformers 5
 * writes in their place (for Gemma 3 one object for each kind of layer).
 */
final class HfRope {
    private static final int MAX_CONTEXT = 1 << 24;

    private final HfFamily family;
    private final HfConfig config;
    private final int headSize;
    private final int context;

    HfRope(HfFamily family, HfConfig config, int headSize, int context) {
        this.family = family;
        this.config = config;
        this.headSize = headSize;
        this.context = context;
    }

    /** Of the layers that see everything; of all layers where there is but one kind. */
    Rope global() throws ImportException {
        Optional<HfConfig> parameters = parameters("full_attention");
        return rope(parameters, "rope_theta", family.ropeBase());
    }

    /** Of Gemma 3's layers with windows. */
    Rope local() throws ImportException {
        Optional<HfConfig> parameters = config.has("rope_parameters") ? parameters("sliding_attention") : Optional.empty();
        double base = parameters.isPresent() && parameters.get().has("rope_theta")
                ? parameters.get().positive("rope_theta")
                : config.positive("rope_local_base_freq", 10_000);
        return new Rope(base, dimensions(parameters), parameters.isPresent() ? scaling(parameters.get()) : new RopeScaling.None());
    }

    private Optional<HfConfig> parameters(String kind) throws ImportException {
        Optional<HfConfig> parameters = config.object("rope_parameters");
        if (parameters.isEmpty()) {
            return config.object("rope_scaling");
        }
        Optional<HfConfig> ofKind = parameters.get().object(kind);
        return ofKind.isPresent() ? ofKind : parameters;
    }

    private Rope rope(Optional<HfConfig> parameters, String member, double fallback) throws ImportException {
        double base = parameters.isPresent() && parameters.get().has(member) ? parameters.get().positive(member) : config.positive(member, fallback);
        return new Rope(base, dimensions(parameters), parameters.isPresent() ? scaling(parameters.get()) : new RopeScaling.None());
    }

    private int dimensions(Optional<HfConfig> parameters) throws ImportException {
        HfConfig holder = parameters.isPresent() && parameters.get().has("partial_rotary_factor") ? parameters.get() : config;
        double share = holder.positive("partial_rotary_factor", 1);
        if (share > 1) {
            throw new ImportException("config.json: " + holder.name("partial_rotary_factor") + " is " + share + ", it must be at most 1");
        }
        return (int) (headSize * share);
    }

    private RopeScaling scaling(HfConfig parameters) throws ImportException {
        String type = parameters.has("rope_type") ? parameters.text("rope_type") : parameters.text("type", "default");
        if (family == HfFamily.PHI3 && (type.equals("su") || type.equals("yarn"))) {
            type = "longrope";
        }
        return switch (type) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(parameters.positive("factor"));
            case "llama3" -> new RopeScaling.Llama3(
                    parameters.positive("factor"),
                    parameters.positive("low_freq_factor"),
                    parameters.positive("high_freq_factor"),
                    parameters.whole("original_max_position_embeddings", 1, MAX_CONTEXT));
            case "yarn" -> yarn(parameters);
            case "longrope" -> longRope(parameters);
            default -> throw new ImportException("config.json: the rotary scaling is of type " + type
                    + "; default, linear, llama3, yarn and longrope are imported");
        };
    }

    private RopeScaling yarn(HfConfig parameters) throws ImportException {
        double factor = parameters.positive("factor");
        double attention = parameters.has("attention_factor")
                ? parameters.positive("attention_factor")
                : parameters.has("mscale") && parameters.has("mscale_all_dim")
                        ? magnitude(factor, parameters.positive("mscale")) / magnitude(factor, parameters.positive("mscale_all_dim"))
                        : magnitude(factor, 1);
        int original = parameters.whole("original_max_position_embeddings", 1, MAX_CONTEXT,
                config.whole("max_position_embeddings", 1, MAX_CONTEXT, family.context()));
        return new RopeScaling.Yarn(factor, parameters.positive("beta_fast", 32), parameters.positive("beta_slow", 1), original, attention,
                parameters.flag("truncate", true));
    }

    private static double magnitude(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * StrictMath.log(factor) + 1;
    }

    private RopeScaling longRope(HfConfig parameters) throws ImportException {
        int longest = config.whole("max_position_embeddings", 1, MAX_CONTEXT, family.context());
        HfConfig holder = parameters.has("original_max_position_embeddings") ? parameters : config;
        int original = holder.whole("original_max_position_embeddings", 2, MAX_CONTEXT, 4096);
        double factor = (double) longest / original;
        double attention = parameters.has("attention_factor")
                ? parameters.positive("attention_factor")
                : factor <= 1 ? 1 : StrictMath.sqrt(1 + StrictMath.log(factor) / StrictMath.log(original));
        int pairs = dimensions(Optional.of(parameters)) / 2;
        return RopeScaling.Divided.of(parameters.positives(context > original ? "long_factor" : "short_factor", pairs), attention);
    }
}
