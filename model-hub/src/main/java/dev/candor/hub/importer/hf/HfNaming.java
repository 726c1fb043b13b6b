package dev.candor.hub.importer.hf;

import dev.candor.hub.importer.decoder.DecoderSpec;
import dev.candor.hub.importer.source.Role;
import dev.candor.hub.importer.source.TensorNaming;
import java.util.List;

/** Names of transformers' tensors. */
public final class HfNaming implements TensorNaming {
    /** What stands before the decoder's names: text models; Gemma 3 with vision, newer and older; a decoder saved without its head. */
    private static final List<String> PREFIXES = List.of("model.", "model.language_model.", "language_model.model.", "");

    private final HfFamily family;
    private final DecoderSpec spec;
    private final String prefix;

    private HfNaming(HfFamily family, DecoderSpec spec, String prefix) {
        this.family = family;
        this.spec = spec;
        this.prefix = prefix;
    }

    /** @param tensors names of all tensors, which show the prefix */
    static HfNaming of(HfFamily family, DecoderSpec spec, Iterable<String> tensors) {
        for (String name : tensors) {
            for (String prefix : PREFIXES) {
                if (name.equals(prefix + "embed_tokens.weight")) {
                    return new HfNaming(family, spec, prefix);
                }
            }
        }
        return new HfNaming(family, spec, PREFIXES.getFirst());
    }

    @Override
    public Place place(Role role, int layer) {
        return switch (role) {
            case EMBEDDING -> Place.of(prefix + "embed_tokens.weight");
            case FINAL_NORM -> norm(prefix + "norm");
            case HEAD -> Place.of(head());
            default -> inLayer(role, prefix + "layers." + layer + ".");
        };
    }

    /** Frequencies that older checkpoints keep, a head that is the embedding anyway, and Gemma 3's eyes. */
    @Override
    public boolean ignorable(String name) {
        return name.endsWith(".rotary_emb.inv_freq")
                || spec.parts().tied() && name.equals(head())
                || name.contains("vision_tower.")
                || name.contains("multi_modal_projector.");
    }

    private String head() {
        return prefix.startsWith("language_model.") ? "language_model.lm_head.weight" : "lm_head.weight";
    }

    private Place inLayer(Role role, String layer) {
        String attention = layer + "self_attn.";
        boolean packed = family == HfFamily.PHI3;
        int qkv = spec.queryWidth() + 2 * spec.keyWidth();
        return switch (role) {
            case ATTENTION_NORM -> norm(layer + "input_layernorm");
            case QUERY -> packed ? Place.within(attention + "qkv_proj.weight", 0, qkv) : Place.of(attention + "q_proj.weight");
            case KEY -> packed ? Place.within(attention + "qkv_proj.weight", spec.queryWidth(), qkv) : Place.of(attention + "k_proj.weight");
            case VALUE -> packed
                    ? Place.within(attention + "qkv_proj.weight", spec.queryWidth() + spec.keyWidth(), qkv)
                    : Place.of(attention + "v_proj.weight");
            case QUERY_BIAS -> Place.of(attention + "q_proj.bias");
            case KEY_BIAS -> Place.of(attention + "k_proj.bias");
            case VALUE_BIAS -> Place.of(attention + "v_proj.bias");
            case QUERY_NORM -> norm(attention + "q_norm");
            case KEY_NORM -> norm(attention + "k_norm");
            case OUTPUT -> Place.of(attention + "o_proj.weight");
            case OUTPUT_BIAS -> Place.of(attention + "o_proj.bias");
            case POST_ATTENTION_NORM -> norm(layer + "post_attention_layernorm");
            case FEED_FORWARD_NORM -> norm(layer + (family.gemma() ? "pre_feedforward_layernorm" : "post_attention_layernorm"));
            case GATE -> gateUp(layer, "gate_proj", 0);
            case UP -> gateUp(layer, "up_proj", spec.feedForward());
            case DOWN -> Place.of(layer + "mlp.down_proj.weight");
            case POST_FEED_FORWARD_NORM -> norm(layer + "post_feedforward_layernorm");
            case EMBEDDING, FINAL_NORM, HEAD -> throw new IllegalArgumentException(role + " is in no layer");
        };
    }

    private Place gateUp(String layer, String name, int firstRow) {
        return family == HfFamily.PHI3
                ? Place.within(layer + "mlp.gate_up_proj.weight", firstRow, 2 * spec.feedForward())
                : Place.of(layer + "mlp." + name + ".weight");
    }

    /** Gemma's gains are kept as their difference from 1. */
    private Place norm(String name) {
        Place place = Place.of(name + ".weight");
        return family.gemma() ? place.plus(1) : place;
    }
}
