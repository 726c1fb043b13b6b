package dev.candor.hub.testing;

import dev.candor.hub.importer.GgufImporter;
import dev.candor.hub.importer.ImportRequest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.VerifiedModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Tiny decoders with random weights and a byte-level tokenizer, for tests that need a model that runs but not one that makes sense. They go through the
 * real importer in well under a second, and are the same bytes every time.
 */
public final class ToyModels {
    /** Name of the model that {@link #inCache} writes. */
    public static final ModelName NAME = new ModelName("candor", "toy", "1");

    private static final int SPECIAL_TOKENS = 3;
    private static final int CONTROL = 3;
    private static final List<String> MERGES = List.of(
            "h e", "i n", "e r", "o u", "a n", "Ġ t", "Ġ a", "Ġt he", "n d", "r e", "o n", "Ġ w", "l l", "Ġ s", "i s", "Ġ o", "e n", "l o", "he r");
    private static final String CHAT_TEMPLATE = "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + "
            + "'<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private ToyModels() {}

    /** Lengths of a toy; widths must be multiples of 32, {@code hidden / heads} of 8. */
    public record Shape(int layers, int hidden, int heads, int kvHeads, int feedForward, int context) {
        /** 2 layers, 64 wide, 4 heads on 2 key-value heads, context 512. */
        public static Shape standard() {
            return new Shape(2, 64, 4, 2, 128, 512);
        }
    }

    /** Writes the standard toy in form q8 to the place where the model store of {@code cache} has {@link #NAME}. */
    public static VerifiedModel inCache(Path cache) throws IOException {
        Path folder = cache.resolve("models").resolve(NAME.publisher()).resolve(NAME.name()).resolve(NAME.version() + "-q8");
        return write(folder, Shape.standard(), ModelForm.Q8);
    }

    /** Writes the standard toy in form q8 to {@code folder}, which is created. */
    public static VerifiedModel write(Path folder) throws IOException {
        return write(folder, Shape.standard(), ModelForm.Q8);
    }

    /** Writes a toy to {@code folder}, which is created. */
    public static VerifiedModel write(Path folder, Shape shape, ModelForm form) throws IOException {
        return write(folder, shape, form, CHAT_TEMPLATE);
    }

    /** As {@link #write(Path, Shape, ModelForm)}, with another chat template. */
    public static VerifiedModel write(Path folder, Shape shape, ModelForm form, String chatTemplate) throws IOException {
        Files.createDirectories(folder);
        Path gguf = Files.createTempFile(folder.toAbsolutePath().getParent(), "toy", ".gguf");
        try {
            Files.write(gguf, gguf(shape, chatTemplate).build());
            new GgufImporter().convert(gguf, folder, new ImportRequest(NAME, "Apache-2.0", form, Optional.empty()));
        } finally {
            Files.delete(gguf);
        }
        return new ManifestVerifier().verify(folder);
    }

    /** A toy as a GGUF file: Q4_1 matrices, Q8_0 embedding that is the head too, F32 norms. */
    public static GgufBuilder gguf(Shape shape) {
        return gguf(shape, CHAT_TEMPLATE);
    }

    private static GgufBuilder gguf(Shape shape, String chatTemplate) {
        List<String> tokens = tokens();
        int[] types = new int[tokens.size()];
        Arrays.fill(types, 1);
        Arrays.fill(types, 0, SPECIAL_TOKENS, CONTROL);
        GgufBuilder gguf = new GgufBuilder()
                .text("general.architecture", "llama")
                .uint32("llama.block_count", shape.layers())
                .uint32("llama.context_length", shape.context())
                .uint32("llama.embedding_length", shape.hidden())
                .uint32("llama.feed_forward_length", shape.feedForward())
                .uint32("llama.attention.head_count", shape.heads())
                .uint32("llama.attention.head_count_kv", shape.kvHeads())
                .float32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .float32("llama.rope.freq_base", 10_000)
                .text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", "smollm")
                .texts("tokenizer.ggml.tokens", tokens)
                .int32s("tokenizer.ggml.token_type", types)
                .texts("tokenizer.ggml.merges", MERGES)
                .uint32("tokenizer.ggml.bos_token_id", 1)
                .uint32("tokenizer.ggml.eos_token_id", 2)
                .text("tokenizer.chat_template", chatTemplate);
        tensors(gguf, shape, tokens.size());
        return gguf;
    }

    /** Tokens of a toy's vocabulary. */
    public static int vocabulary() {
        return tokens().size();
    }

    private static void tensors(GgufBuilder gguf, Shape shape, int vocabulary) {
        SplittableRandom random = new SplittableRandom(20261121);
        int hidden = shape.hidden();
        int keys = hidden / shape.heads() * shape.kvHeads();
        gguf.tensor("token_embd.weight", 8, q8(random, vocabulary, hidden), hidden, vocabulary);
        gguf.tensor("output_norm.weight", 0, ones(hidden), hidden);
        for (int layer = 0; layer < shape.layers(); layer++) {
            String block = "blk." + layer + ".";
            gguf.tensor(block + "attn_norm.weight", 0, ones(hidden), hidden);
            gguf.tensor(block + "ffn_norm.weight", 0, ones(hidden), hidden);
            matrix(gguf, random, block + "attn_q.weight", hidden, hidden);
            matrix(gguf, random, block + "attn_k.weight", keys, hidden);
            matrix(gguf, random, block + "attn_v.weight", keys, hidden);
            matrix(gguf, random, block + "attn_output.weight", hidden, hidden);
            matrix(gguf, random, block + "ffn_gate.weight", shape.feedForward(), hidden);
            matrix(gguf, random, block + "ffn_up.weight", shape.feedForward(), hidden);
            matrix(gguf, random, block + "ffn_down.weight", hidden, shape.feedForward());
        }
    }

    /** The special tokens, the 256 bytes in GPT-2's printable spelling, and what the merges make. */
    private static List<String> tokens() {
        List<String> tokens = new ArrayList<>(List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>"));
        int shifted = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = b > 32 && b < 127 || b > 160 && b != 173;
            tokens.add(Character.toString(printable ? b : shifted++));
        }
        MERGES.forEach(merge -> tokens.add(merge.replace(" ", "")));
        return tokens;
    }

    private static void matrix(GgufBuilder gguf, SplittableRandom random, String name, int rows, int columns) {
        ByteBuffer data = ByteBuffer.allocate(rows * columns / 32 * 20).order(ByteOrder.LITTLE_ENDIAN);
        float scale = (float) (0.35 / Math.sqrt(columns));
        while (data.hasRemaining()) {
            float step = scale * (float) random.nextDouble(0.5, 1.5);
            data.putShort(Float.floatToFloat16(step)).putShort(Float.floatToFloat16(-7.5f * step));
            fill(data, random, 16);
        }
        gguf.tensor(name, 3, data.array(), columns, rows);
    }

    private static byte[] q8(SplittableRandom random, int rows, int columns) {
        ByteBuffer data = ByteBuffer.allocate(rows * columns / 32 * 34).order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            data.putShort(Float.floatToFloat16(0.01f * (float) random.nextDouble(0.5, 1.5)));
            fill(data, random, 32);
        }
        return data.array();
    }

    private static void fill(ByteBuffer data, SplittableRandom random, int bytes) {
        for (int i = 0; i < bytes; i++) {
            data.put((byte) random.nextInt());
        }
    }

    private static byte[] ones(int length) {
        ByteBuffer data = ByteBuffer.allocate(length * 4).order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            data.putFloat(1);
        }
        return data.array();
    }
}
