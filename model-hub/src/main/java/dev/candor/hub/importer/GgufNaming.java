package dev.candor.hub.importer;

import dev.candor.hub.importer.decoder.DecoderSpec;
import dev.candor.hub.importer.source.Role;
import dev.candor.hub.importer.source.TensorNaming;
import java.util.Set;

/** Names of llama.cpp's tensors. */
final class GgufNaming implements TensorNaming {
    /** Architectures whose query and key rows llama.cpp interleaves for its own rotary embedding. */
    static final Set<String> INTERLEAVED = Set.of("llama", "smollm3");

    private final DecoderSpec spec;
    private final boolean interleaved;
    private final boolean packed;

    GgufNaming(DecoderSpec spec) {
        this.spec = spec;
        this.interleaved = INTERLEAVED.contains(spec.architecture());
        this.packed = spec.architecture().equals("phi3");
    }

    @Override
    public Place place(Role role, int layer) {
        return switch (role) {
            case EMBEDDING -> Place.of("token_embd.weight");
            case FINAL_NORM -> Place.of("output_norm.weight");
            case HEAD -> Place.of("output.weight");
            default -> packed ? packed(role, "blk." + layer + ".") : inLayer(role, "blk." + layer + ".");
        };
    }

    @Override
    public boolean ignorable(String name) {
        return name.equals("rope_freqs.weight") || name.equals("rope_factors_long.weight") || name.equals("rope_factors_short.weight");
    }

    private Place packed(Role role, String block) {
        int qkv = spec.queryWidth() + 2 * spec.keyWidth();
        return switch (role) {
            case QUERY -> Place.within(block + "attn_qkv.weight", 0, qkv);
            case KEY -> Place.within(block + "attn_qkv.weight", spec.queryWidth(), qkv);
            case VALUE -> Place.within(block + "attn_qkv.weight", spec.queryWidth() + spec.keyWidth(), qkv);
            case GATE -> Place.within(block + "ffn_up.weight", 0, 2 * spec.feedForward());
            case UP -> Place.within(block + "ffn_up.weight", spec.feedForward(), 2 * spec.feedForward());
            default -> inLayer(role, block);
        };
    }

    private Place inLayer(Role role, String block) {
        return switch (role) {
            case QUERY -> turned(block + "attn_q.weight");
            case KEY -> turned(block + "attn_k.weight");
            case QUERY_BIAS -> turned(block + "attn_q.bias");
            case KEY_BIAS -> turned(block + "attn_k.bias");
            case VALUE -> Place.of(block + "attn_v.weight");
            case VALUE_BIAS -> Place.of(block + "attn_v.bias");
            case QUERY_NORM -> Place.of(block + "attn_q_norm.weight");
            case KEY_NORM -> Place.of(block + "attn_k_norm.weight");
            case OUTPUT -> Place.of(block + "attn_output.weight");
            case OUTPUT_BIAS -> Place.of(block + "attn_output.bias");
            case ATTENTION_NORM -> Place.of(block + "attn_norm.weight");
            case POST_ATTENTION_NORM -> Place.of(block + "post_attention_norm.weight");
            case FEED_FORWARD_NORM -> Place.of(block + "ffn_norm.weight");
            case GATE -> Place.of(block + "ffn_gate.weight");
            case UP -> Place.of(block + "ffn_up.weight");
            case DOWN -> Place.of(block + "ffn_down.weight");
            case POST_FEED_FORWARD_NORM -> Place.of(block + "post_ffw_norm.weight");
            case EMBEDDING, FINAL_NORM, HEAD -> throw new IllegalArgumentException(role + " is in no layer");
        };
    }

    private Place turned(String tensor) {
        Place place = Place.of(tensor);
        return interleaved ? place.interleavedHeads(spec.headSize()) : place;
    }
}
