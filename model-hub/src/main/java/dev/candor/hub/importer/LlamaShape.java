package dev.candor.hub.importer;

import dev.candor.hub.importer.gguf.GgufFile;
import dev.candor.hub.importer.gguf.GgufMetadata;
import java.io.IOException;

/**
 * The lengths of a decoder of the llama architecture, read from a GGUF file's metadata.
 *
 * @param context longest sequence in tokens
 * @param epsilon of the root mean square norms
 */
record LlamaShape(
        int layers, int hidden, int heads, int kvHeads, int headSize, int feedForward, int vocabulary, int context, float epsilon, double ropeBase) {
    private static final int MAX_LENGTH = 1 << 20;
    private static final long MAX_ROTARY = 1L << 25;

    /** @throws IOException if the architecture is another one or uses a part of it that the graph does not have */
    static LlamaShape of(GgufFile file) throws IOException {
        GgufMetadata metadata = file.metadata();
        String architecture = metadata.text("general.architecture");
        if (!architecture.equals("llama")) {
            throw new ImportException("the model's architecture is " + architecture + "; llama is imported");
        }
        if (metadata.whole("llama.expert_count", 0, MAX_LENGTH, 0) != 0) {
            throw new ImportException("the model is a mixture of experts (llama.expert_count), which is not imported");
        }
        String scaling = metadata.optionalText("llama.rope.scaling.type").orElse("none");
        if (!scaling.equals("none")) {
            throw new ImportException("the model scales its rotary embedding by " + scaling + " (llama.rope.scaling.type), which is not imported");
        }
        int hidden = metadata.whole("llama.embedding_length", 1, MAX_LENGTH);
        int heads = metadata.whole("llama.attention.head_count", 1, 4096);
        int kvHeads = metadata.whole("llama.attention.head_count_kv", 1, heads, heads);
        int headSize = metadata.whole("llama.attention.key_length", 1, MAX_LENGTH, hidden / heads);
        if (heads % kvHeads != 0) {
            throw new ImportException("the model has " + heads + " heads, no multiple of its " + kvHeads + " key-value heads");
        }
        if (headSize == 0 || headSize % 8 != 0 || metadata.whole("llama.attention.value_length", 1, MAX_LENGTH, headSize) != headSize) {
            throw new ImportException("the model's heads are " + headSize + " wide; keys and values must have one width, a multiple of 8");
        }
        if (metadata.whole("llama.rope.dimension_count", 1, MAX_LENGTH, headSize) != headSize) {
            throw new ImportException("the model rotates only a part of each head (llama.rope.dimension_count), which is not imported");
        }
        int context = metadata.whole("llama.context_length", 1, MAX_LENGTH);
        if ((long) context * headSize > MAX_ROTARY) {
            throw new ImportException("the model's context of " + context + " tokens with heads of " + headSize + " is longer than is imported");
        }
        return new LlamaShape(
                metadata.whole("llama.block_count", 1, 1024),
                hidden,
                heads,
                kvHeads,
                headSize,
                metadata.whole("llama.feed_forward_length", 1, MAX_LENGTH),
                metadata.texts("tokenizer.ggml.tokens").size(),
                context,
                (float) metadata.positive("llama.attention.layer_norm_rms_epsilon"),
                metadata.positive("llama.rope.freq_base", 10_000));
    }

    int queryWidth() {
        return heads * headSize;
    }

    int keyWidth() {
        return kvHeads * headSize;
    }
}
