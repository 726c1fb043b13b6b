package dev.candor.hub.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.testing.GgufBuilder;
import dev.candor.hub.testing.ToyModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files many times larger than the heap: each form is converted by a JVM of its own. */
class BoundedMemoryTest {
    private static final int F16 = 1;
    private static final int HIDDEN = 2048;
    private static final int FEED_FORWARD = 6144;
    private static final String HEAP = "-Xmx40m";

    @TempDir
    Path temp;

    @ParameterizedTest
    @EnumSource(value = ModelForm.class, names = {"Q8", "W8A8"})
    void aFileLargerThanTheHeapIsConverted(ModelForm form) throws Exception {
        Path gguf = large().writeSparse(temp.resolve("large.gguf"));
        assertThat(Files.size(gguf)).isGreaterThan(100L << 20);
        Path folder = Files.createDirectory(temp.resolve("out"));
        Path log = temp.resolve("log");

        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), HEAP, "-XX:+UseSerialGC", "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        BoundedMemoryTest.class.getName(), gguf.toString(), folder.toString(), form.label())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();

        assertThat(child.waitFor(240, TimeUnit.SECONDS)).as("the child has ended").isTrue();
        assertThat(child.exitValue()).as(Files.readString(log, StandardCharsets.UTF_8)).isZero();
        assertThat(folder.resolve(ModelManifest.FILE_NAME)).exists();
    }

    /** The child: converts {@code args[0]} into {@code args[1]} in form {@code args[2]}. */
    public static void main(String[] args) throws IOException {
        ImportRequest request = new ImportRequest(ToyModels.NAME, "Apache-2.0", ModelForm.of(args[2]), Optional.empty());
        new GgufImporter().convert(Path.of(args[0]), Path.of(args[1]), request);
    }

    private static GgufBuilder large() {
        GgufBuilder gguf = ToyModels.gguf(new ToyModels.Shape(1, 64, 4, 2, 128, 512));
        int vocabulary = ToyModels.vocabulary();
        String[] tensors = {"attn_norm", "ffn_norm", "attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"};
        for (String tensor : tensors) {
            gguf.withoutTensor("blk.0." + tensor + ".weight");
        }
        gguf.withoutTensor("token_embd.weight").withoutTensor("output_norm.weight");
        for (String key : new String[] {"embedding_length", "feed_forward_length", "attention.head_count", "attention.head_count_kv"}) {
            gguf.without("llama." + key);
        }
        gguf.uint32("llama.embedding_length", HIDDEN)
                .uint32("llama.feed_forward_length", FEED_FORWARD)
                .uint32("llama.attention.head_count", 16)
                .uint32("llama.attention.head_count_kv", 16);
        matrix(gguf, "token_embd.weight", HIDDEN, vocabulary);
        matrix(gguf, "output_norm.weight", HIDDEN);
        matrix(gguf, "blk.0.attn_norm.weight", HIDDEN);
        matrix(gguf, "blk.0.ffn_norm.weight", HIDDEN);
        for (String tensor : new String[] {"attn_q", "attn_k", "attn_v", "attn_output"}) {
            matrix(gguf, "blk.0." + tensor + ".weight", HIDDEN, HIDDEN);
        }
        matrix(gguf, "blk.0.ffn_gate.weight", HIDDEN, FEED_FORWARD);
        matrix(gguf, "blk.0.ffn_up.weight", HIDDEN, FEED_FORWARD);
        matrix(gguf, "blk.0.ffn_down.weight", FEED_FORWARD, HIDDEN);
        return gguf;
    }

    private static void matrix(GgufBuilder gguf, String name, long... dimensions) {
        long weights = 1;
        for (long dimension : dimensions) {
            weights *= dimension;
        }
        gguf.zeros(name, F16, 2 * weights, dimensions);
    }
}
