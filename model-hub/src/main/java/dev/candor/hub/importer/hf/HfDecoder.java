package dev.candor.hub.importer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.hub.importer.decoder.Activation;
import dev.candor.hub.importer.decoder.DecoderSpec;
import dev.candor.hub.importer.source.ImportException;
import java.util.List;
import java.util.OptionalInt;

/** Reads a Hugging Face {@code config.json} as a {@link DecoderSpec}, by the rules of transformers' models. */
public final class HfDecoder {
    private static final int MAX_LENGTH = 1 << 20;
    private static final List<String> REFUSED = List.of(
            "quantization_config", "num_local_experts", "num_experts", "n_routed_experts", "kv_lora_rank", "attention_chunk_size");

    private final HfFamily family;
    private final HfConfig config;
    private final OptionalInt wantedContext;

    private HfDecoder(HfFamily family, HfConfig config, OptionalInt wantedContext) {
        this.family = family;
        this.config = config;
        this.wantedContext = wantedContext;
    }

    /**
     * A decoder, and where its weights are.
     *
     * @param naming of the tensors, given the names that there are
     */
    public record Decoder(DecoderSpec spec, HfNaming naming) {}

    /**
     * Reads {@code config}, the root of a {@code config.json}.
     *
     * @param tensors names of all tensors of the model
     * @param context longest sequence to serve, if not the model's own
     * @throws ImportException if the model is of another type or uses what the graph does not have; the message names the member
     */
    public static Decoder read(JsonNode config, Iterable<String> tensors, OptionalInt context) throws ImportException {
        HfConfig root = new HfConfig(config);
        HfConfig text = root;
        String type = root.text("model_type");
        if (type.equals("gemma3")) {
            text = root.object("text_config").orElseThrow(() -> new ImportException("config.json: text_config is missing"));
            type = HfFamily.GEMMA3.modelType();
        }
        HfFamily family = HfFamily.of(type);
        DecoderSpec spec = new HfDecoder(family, text, context).spec();
        return new Decoder(spec, HfNaming.of(family, spec, tensors));
    }

    private DecoderSpec spec() throws ImportException {
        for (String member : REFUSED) {
            if (config.has(member)) {
                throw new ImportException("config.json: " + config.name(member) + " is set; such models are not imported");
            }
        }
        int hidden = config.whole("hidden_size", 1, MAX_LENGTH);
        boolean complete = !family.gemma();
        int heads = complete ? config.whole("num_attention_heads", 1, 4096) : config.whole("num_attention_heads", 1, 4096, 8);
        int kvHeads = config.whole("num_key_value_heads", 1, heads, Math.min(heads, family.kvHeads(heads)));
        int headSize = config.whole("head_dim", 1, 4096, family.headSize(hidden, heads));
        int context = context();
        return new DecoderSpec(
                        family.modelType(),
                        hidden,
                        heads,
                        kvHeads,
                        headSize,
                        config.whole("intermediate_size", 1, MAX_LENGTH),
                        vocabulary(),
                        context,
                        (float) config.positive("rms_norm_eps", family.epsilon()),
                        activation(),
                        new HfLayers(family, config).read(config.whole("num_hidden_layers", 1, 1024), headSize, context),
                        parts(),
                        scales(hidden, headSize))
                .checked();
    }

    private int vocabulary() throws ImportException {
        return switch (family) {
            case GEMMA2 -> config.whole("vocab_size", 1, MAX_LENGTH, 256_000);
            case GEMMA3 -> config.whole("vocab_size", 1, MAX_LENGTH, 262_208);
            default -> config.whole("vocab_size", 1, MAX_LENGTH);
        };
    }

    private int context() throws ImportException {
        int own = config.whole("max_position_embeddings", 1, 1 << 24, family.context());
        if (wantedContext.isPresent() && (wantedContext.getAsInt() < 1 || wantedContext.getAsInt() > own)) {
            throw new ImportException("a context of " + wantedContext.getAsInt() + " tokens was asked for, the model's is " + own);
        }
        return wantedContext.orElse(own);
    }

    private Activation activation() throws ImportException {
        String member = family.gemma() ? "hidden_activation" : "hidden_act";
        String name = config.text(member, family.gemma() ? "gelu_pytorch_tanh" : "silu");
        return switch (name) {
            case "silu", "swish" -> Activation.SILU;
            case "gelu_pytorch_tanh" -> Activation.GELU_TANH;
            default -> throw new ImportException("config.json: " + config.name(member) + " is " + name
                    + "; silu and gelu_pytorch_tanh are imported");
        };
    }

    private DecoderSpec.Parts parts() throws ImportException {
        boolean bias = config.flag("attention_bias", false);
        if (config.flag("mlp_bias", false)) {
            throw new ImportException("config.json: mlp_bias is set, which is not imported");
        }
        if (config.flag("use_bidirectional_attention", false)) {
            throw new ImportException("config.json: use_bidirectional_attention is set; only decoders, which see the past alone, are imported");
        }
        return new DecoderSpec.Parts(
                family == HfFamily.QWEN2 || bias,
                family != HfFamily.QWEN2 && bias,
                family == HfFamily.QWEN3 || family == HfFamily.GEMMA3,
                family.gemma(),
                config.flag("tie_word_embeddings", family.tied()));
    }

    private DecoderSpec.Scales scales(int hidden, int headSize) throws ImportException {
        if (!family.gemma()) {
            return DecoderSpec.Scales.plain(headSize);
        }
        boolean capped = family == HfFamily.GEMMA2;
        return new DecoderSpec.Scales(
                (float) StrictMath.sqrt(hidden),
                (float) (1 / StrictMath.sqrt(config.positive("query_pre_attn_scalar", 256))),
                softcap("attn_logit_softcapping", capped ? 50 : 0),
                softcap("final_logit_softcapping", capped ? 30 : 0));
    }

    private float softcap(String member, double fallback) throws ImportException {
        if (config.has(member)) {
            return (float) config.positive(member);
        }
        return config.mentions(member) ? 0 : (float) fallback;
    }
}
