package dev.candor.hub.importer;

import dev.candor.hub.importer.decoder.Activation;
import dev.candor.hub.importer.decoder.DecoderSpec;
import dev.candor.hub.importer.decoder.LayerAttention;
import dev.candor.hub.importer.decoder.Rope;
import dev.candor.hub.importer.gguf.GgufException;
import dev.candor.hub.importer.gguf.GgufFile;
import dev.candor.hub.importer.gguf.GgufMetadata;
import dev.candor.hub.importer.source.EncodedTensor;
import dev.candor.hub.importer.source.ImportException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads a GGUF file's metadata as a {@link DecoderSpec}, by the rules of llama.cpp's loaders. */
final class GgufDecoder {
    private static final Set<String> KNOWN = Set.of("llama", "qwen2", "qwen3", "smollm3", "gemma2", "gemma3", "phi3");
    private static final int MAX_LENGTH = 1 << 20;
    private static final double SLIDING_BASE = 10_000;

    private final GgufMetadata metadata;
    private final Map<String, EncodedTensor> tensors;
    private final OptionalInt wantedContext;
    private final String architecture;

    /** @param context longest sequence to serve, if not the model's own */
    GgufDecoder(GgufFile file, OptionalInt context) throws IOException {
        this.metadata = file.metadata();
        this.tensors = file.tensors();
        this.wantedContext = context;
        this.architecture = metadata.text("general.architecture");
    }

    /** @throws IOException if the architecture is another one or uses a part of it that the graph does not have */
    DecoderSpec spec() throws IOException {
        if (!KNOWN.contains(architecture)) {
            throw new ImportException("the model's architecture is " + architecture + "; imported are " + KNOWN.stream().sorted().toList());
        }
        if (whole("expert_count", 0, MAX_LENGTH, 0) != 0) {
            throw new ImportException("the model is a mixture of experts (" + key("expert_count") + "), which is not imported");
        }
        if (!metadata.flag(key("attention.causal"), true)) {
            throw new ImportException("the model's tokens see those after them (" + key("attention.causal") + "), it is no decoder");
        }
        int hidden = metadata.whole(key("embedding_length"), 1, MAX_LENGTH);
        int heads = metadata.whole(key("attention.head_count"), 1, 4096);
        int headSize = whole("attention.key_length", 1, MAX_LENGTH, hidden / heads);
        if (whole("attention.value_length", 1, MAX_LENGTH, headSize) != headSize) {
            throw new ImportException("the model's values have another width than its keys (" + key("attention.value_length")
                    + "), which is not imported");
        }
        int context = context();
        boolean gemma = architecture.startsWith("gemma");
        return new DecoderSpec(
                        architecture,
                        hidden,
                        heads,
                        whole("attention.head_count_kv", 1, heads, heads),
                        headSize,
                        metadata.whole(key("feed_forward_length"), 1, MAX_LENGTH),
                        metadata.texts("tokenizer.ggml.tokens").size(),
                        context,
                        (float) metadata.positive(key("attention.layer_norm_rms_epsilon")),
                        gemma ? Activation.GELU_TANH : Activation.SILU,
                        layers(metadata.whole(key("block_count"), 1, 1024), headSize, context),
                        parts(gemma),
                        scales(gemma, hidden, heads, headSize))
                .checked();
    }

    private int context() throws IOException {
        int own = metadata.whole(key("context_length"), 1, MAX_LENGTH);
        if (wantedContext.isPresent() && (wantedContext.getAsInt() < 1 || wantedContext.getAsInt() > own)) {
            throw new ImportException("a context of " + wantedContext.getAsInt() + " tokens was asked for, the model's is " + own);
        }
        return wantedContext.orElse(own);
    }

    private DecoderSpec.Parts parts(boolean gemma) {
        return new DecoderSpec.Parts(
                tensors.containsKey("blk.0.attn_q.bias"),
                tensors.containsKey("blk.0.attn_output.bias"),
                tensors.containsKey("blk.0.attn_q_norm.weight"),
                gemma,
                !tensors.containsKey("output.weight"));
    }

    private DecoderSpec.Scales scales(boolean gemma, int hidden, int heads, int headSize) throws IOException {
        if (!gemma) {
            return DecoderSpec.Scales.plain(headSize);
        }
        // The 27B models scale by hidden / heads; their files do not say so, llama.cpp knows them by their number of layers.
        int layers = metadata.whole(key("block_count"), 1, 1024);
        boolean largest = layers == (architecture.equals("gemma2") ? 46 : 62);
        double divisor = largest ? (double) hidden / heads : headSize;
        return new DecoderSpec.Scales(
                (float) StrictMath.sqrt(hidden),
                (float) (1 / StrictMath.sqrt(divisor)),
                (float) (architecture.equals("gemma2") ? metadata.positive(key("attn_logit_softcapping"), 50) : 0),
                (float) (architecture.equals("gemma2") ? metadata.positive(key("final_logit_softcapping"), 30) : optional("final_logit_softcapping")));
    }

    private double optional(String name) throws GgufException {
        return metadata.has(key(name)) ? metadata.positive(key(name)) : 0;
    }

    private List<LayerAttention> layers(int count, int headSize, int context) throws IOException {
        int dimensions = whole("rope.dimension_count", 1, MAX_LENGTH, headSize);
        if (GgufNaming.INTERLEAVED.contains(architecture) && dimensions != headSize) {
            throw new ImportException("the model rotates only a part of each head (" + key("rope.dimension_count") + "), which is not imported");
        }
        double base = metadata.positive(key("rope.freq_base"), 10_000);
        Rope rope = new Rope(base, dimensions, new GgufRopeScaling(metadata, tensors, architecture).read(dimensions, context));
        int window = whole("attention.sliding_window", 0, MAX_LENGTH, 0);
        List<LayerAttention> layers = new ArrayList<>();
        for (int layer = 0; layer < count; layer++) {
            layers.add(layer(layer, window, rope));
        }
        return layers;
    }

    private LayerAttention layer(int layer, int window, Rope rope) throws IOException {
        return switch (architecture) {
            case "smollm3" -> (layer + 1) % 4 == 0 ? LayerAttention.withoutPositions() : LayerAttention.global(rope);
            case "gemma2" -> layer % 2 == 0 ? LayerAttention.sliding(windowOr(window, 4096), rope) : LayerAttention.global(rope);
            case "gemma3" -> (layer + 1) % whole("attention.sliding_window_pattern", 1, 1024, 6) == 0
                    ? LayerAttention.global(rope)
                    : LayerAttention.sliding(windowOr(window, 1024), Rope.plain(SLIDING_BASE, rope.dimensions()));
            default -> new LayerAttention(window, Optional.of(rope));
        };
    }

    private static int windowOr(int window, int fallback) {
        return window == 0 ? fallback : window;
    }

    private int whole(String name, int min, int max, int fallback) throws GgufException {
        return metadata.whole(key(name), min, max, fallback);
    }

    private String key(String name) {
        return architecture + "." + name;
    }
}
