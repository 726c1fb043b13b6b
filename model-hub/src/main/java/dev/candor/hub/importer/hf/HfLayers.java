package dev.candor.hub.importer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.hub.importer.decoder.LayerAttention;
import dev.candor.hub.importer.decoder.Rope;
import dev.candor.hub.importer.source.ImportException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which layers see how far, and with which rotation. */
final class HfLayers {
    private static final int MAX_WINDOW = 1 << 24;
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";

    private final HfFamily family;
    private final HfConfig config;

    HfLayers(HfFamily family, HfConfig config) {
        this.family = family;
        this.config = config;
    }

    List<LayerAttention> read(int count, int headSize, int context) throws ImportException {
        HfRope ropes = new HfRope(family, config, headSize, context);
        Rope global = ropes.global();
        Rope local = family == HfFamily.GEMMA3 ? ropes.local() : global;
        List<String> kinds = kinds(count);
        int window = kinds.contains(SLIDING) ? window() : 0;
        List<LayerAttention> layers = new ArrayList<>();
        for (int layer = 0; layer < count; layer++) {
            boolean sliding = kinds.get(layer).equals(SLIDING);
            Optional<Rope> rope = rotated(layer, count) ? Optional.of(sliding ? local : global) : Optional.empty();
            layers.add(new LayerAttention(sliding ? window : 0, rope));
        }
        return layers;
    }

    private List<String> kinds(int count) throws ImportException {
        List<String> kinds = new ArrayList<>();
        if (config.has("layer_types") && family != HfFamily.MISTRAL && family != HfFamily.PHI3 && family != HfFamily.LLAMA) {
            JsonNode types = config.array("layer_types", count);
            for (JsonNode type : types) {
                if (!FULL.equals(type.textValue()) && !SLIDING.equals(type.textValue())) {
                    throw new ImportException("config.json: " + config.name("layer_types") + " has " + type + "; " + FULL + " and " + SLIDING
                            + " are imported");
                }
                kinds.add(type.textValue());
            }
            return kinds;
        }
        for (int layer = 0; layer < count; layer++) {
            kinds.add(sliding(layer, count) ? SLIDING : FULL);
        }
        return kinds;
    }

    private boolean sliding(int layer, int count) throws ImportException {
        return switch (family) {
            case LLAMA -> false;
            case MISTRAL -> config.has("sliding_window") || !config.mentions("sliding_window");
            case PHI3 -> config.has("sliding_window");
            case QWEN2, QWEN3 -> config.flag("use_sliding_window", false) && (config.has("sliding_window") || !config.mentions("sliding_window"))
                    && layer >= config.whole("max_window_layers", 0, 1024, 28);
            case SMOLLM3 -> config.flag("use_sliding_window", false) && config.has("sliding_window") && !rotated(layer, count);
            case GEMMA2 -> layer % 2 == 0;
            case GEMMA3 -> (layer + 1) % pattern() != 0;
        };
    }

    private int pattern() throws ImportException {
        String name = config.has("sliding_window_pattern") ? "sliding_window_pattern" : "_sliding_window_pattern";
        return config.whole(name, 1, 1024, 6);
    }

    private int window() throws ImportException {
        return config.whole("sliding_window", 1, MAX_WINDOW, 4096);
    }

    private boolean rotated(int layer, int count) throws ImportException {
        if (family != HfFamily.SMOLLM3) {
            return true;
        }
        if (config.has("no_rope_layers")) {
            return config.array("no_rope_layers", count).get(layer).asInt(1) != 0;
        }
        return (layer + 1) % config.whole("no_rope_layer_interval", 1, 1024, 4) != 0;
    }
}
