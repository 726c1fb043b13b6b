package dev.candor.inference.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.hub.importer.GgufImporter;
import dev.candor.hub.importer.ImportRequest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.testing.GgufBuilder;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.engine.ort.SequenceScorer;
import dev.candor.inference.engine.testing.Models;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that mix encodings, on the real runtime: what is not rounded must give the logits of the floats but for the rounding of activations. */
class MixedEncodingsTest {
    private static final int F32 = 0;
    private static final int F16 = 1;
    private static final int Q4_0 = 2;
    private static final int Q4_1 = 3;
    private static final int Q5_0 = 6;
    private static final int Q5_1 = 7;
    private static final int Q8_0 = 8;
    private static final int Q4_K = 12;
    private static final int Q5_K = 13;
    private static final int Q6_K = 14;
    private static final int[] TOKENS = {1, 50, 60, 70, 80, 90, 100, 110};

    private final SplittableRandom random = new SplittableRandom(5);

    @TempDir
    Path temp;

    @ParameterizedTest
    @EnumSource(value = ModelForm.class, names = {"Q8", "Q4EXACT"})
    void projectionsOfSeveralEncodingsGiveTheLogitsOfTheFloats(ModelForm form) throws Exception {
        GgufBuilder gguf = ToyModels.gguf(ToyModels.Shape.standard());
        replace(gguf, "blk.0.attn_q.weight", Q4_0, 64, 64);
        replace(gguf, "blk.0.attn_v.weight", Q8_0, 64, 32);
        replace(gguf, "blk.1.ffn_up.weight", Q8_0, 64, 128);
        replace(gguf, "blk.1.ffn_down.weight", Q4_0, 128, 64);

        assertNearFloats(gguf, form);
    }

    @ParameterizedTest
    @EnumSource(value = ModelForm.class, names = {"Q8", "Q4EXACT"})
    void aHeadOfItsOwnGivesTheLogitsOfTheFloats(ModelForm form) throws Exception {
        assertNearFloats(ToyModels.gguf(ToyModels.Shape.standard()).tensor("output.weight", Q4_1, encoded(Q4_1, 64, 278), 64, 278), form);
    }

    @ParameterizedTest
    @EnumSource(value = ModelForm.class, names = {"Q8", "Q4EXACT", "W8A8"})
    void newerEncodingsGiveTheLogitsOfTheFloats(ModelForm form) throws Exception {
        GgufBuilder gguf = ToyModels.gguf(new ToyModels.Shape(2, 256, 4, 2, 512, 512));
        replace(gguf, "blk.0.attn_q.weight", Q4_K, 256, 256);
        replace(gguf, "blk.0.attn_k.weight", Q4_K, 256, 128);
        replace(gguf, "blk.0.attn_v.weight", Q6_K, 256, 128);
        replace(gguf, "blk.0.ffn_gate.weight", Q5_K, 256, 512);
        replace(gguf, "blk.0.ffn_up.weight", Q5_K, 256, 512);
        replace(gguf, "blk.0.ffn_down.weight", Q6_K, 512, 256);
        replace(gguf, "blk.1.attn_output.weight", Q5_0, 256, 256);
        replace(gguf, "blk.1.ffn_down.weight", Q5_1, 512, 256);
        replace(gguf, "token_embd.weight", Q6_K, 256, 278);

        assertNearFloats(gguf, form);
    }

    @Test
    void blocksThatHaveFourBitsAlreadyAreKeptInFourBits() throws Exception {
        GgufBuilder gguf = ToyModels.gguf(ToyModels.Shape.standard());
        for (int layer = 0; layer < 2; layer++) {
            String block = "blk." + layer + ".";
            replace(gguf, block + "attn_q.weight", Q4_0, 64, 64);
            replace(gguf, block + "attn_k.weight", Q4_0, 64, 32);
            replace(gguf, block + "attn_v.weight", Q4_0, 64, 32);
            replace(gguf, block + "attn_output.weight", Q4_0, 64, 64);
            replace(gguf, block + "ffn_gate.weight", Q4_0, 64, 128);
            replace(gguf, block + "ffn_up.weight", Q4_0, 64, 128);
            replace(gguf, block + "ffn_down.weight", Q4_0, 128, 64);
        }

        assertNearFloats(gguf, ModelForm.Q4);
    }

    @ParameterizedTest
    @EnumSource(value = ModelForm.class, names = {"Q8F16", "Q4F16", "FP16"})
    void formsInHalfPrecisionLoadOnTheCpuToo(ModelForm form) throws Exception {
        Path file = Files.write(temp.resolve("half.gguf"), ToyModels.gguf(ToyModels.Shape.standard()).build());
        Path folder = Files.createDirectories(temp.resolve("half"));
        new GgufImporter().convert(file, folder, new ImportRequest(ToyModels.NAME, "Apache-2.0", form, Optional.empty()));
        VerifiedModel model = new ManifestVerifier().verify(folder);

        try (SequenceScorer scorer = new SequenceScorer(Models.natives(), model.graph(), model.config())) {
            assertThat(scorer.names().getLast()).contains("logits", "present.1.value");
        }
    }

    @Test
    void floatMatricesAreRoundedToEightBits() throws Exception {
        GgufBuilder gguf = ToyModels.gguf(ToyModels.Shape.standard());
        replace(gguf, "blk.0.ffn_gate.weight", F16, 64, 128);
        replace(gguf, "blk.1.attn_output.weight", F32, 64, 64);

        assertNearFloats(gguf, ModelForm.Q8);
    }

    @Test
    void dividedRotaryFrequenciesChangeLaterPositionsOnly() throws Exception {
        float[] plain = logits(ToyModels.gguf(ToyModels.Shape.standard()), ModelForm.FP32, "plain");
        ByteBuffer divisors = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        while (divisors.hasRemaining()) {
            divisors.putFloat(4);
        }
        GgufBuilder divided = ToyModels.gguf(ToyModels.Shape.standard()).tensor("rope_freqs.weight", F32, divisors.array(), 8);
        float[] changed = logits(divided, ModelForm.FP32, "divided");

        assertThat(largestDifference(plain, changed, 0, 278)).isLessThan(1e-4f);
        assertThat(largestDifference(plain, changed, 7 * 278, 8 * 278)).isGreaterThan(0.01f);
    }

    private void assertNearFloats(GgufBuilder gguf, ModelForm form) throws Exception {
        float[] floats = logits(gguf, ModelForm.FP32, "floats");
        float[] others = logits(gguf, form, "others");
        double squares = 0;
        for (float logit : floats) {
            squares += logit * logit;
        }
        double spread = Math.sqrt(squares / floats.length);

        assertThat(largestDifference(floats, others, 0, floats.length) / spread).isLessThan(0.25);
    }

    private static float largestDifference(float[] a, float[] b, int from, int to) {
        float largest = 0;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    private float[] logits(GgufBuilder gguf, ModelForm form, String name) throws Exception {
        Path file = Files.write(temp.resolve(name + ".gguf"), gguf.build());
        Path folder = Files.createDirectories(temp.resolve(name));
        new GgufImporter().convert(file, folder, new ImportRequest(ToyModels.NAME, "Apache-2.0", form, Optional.empty()));
        VerifiedModel model = new ManifestVerifier().verify(folder);
        try (SequenceScorer scorer = new SequenceScorer(Models.natives(), model.graph(), model.config())) {
            return scorer.logits(TOKENS);
        }
    }

    private void replace(GgufBuilder gguf, String name, int type, int columns, int rows) {
        gguf.withoutTensor(name).tensor(name, type, encoded(type, columns, rows), columns, rows);
    }

    private byte[] encoded(int type, int columns, int rows) {
        int perBlock = type > Q8_0 ? 256 : 32;
        int bytes = switch (type) {
            case F32 -> 128;
            case F16 -> 64;
            case Q4_0 -> 18;
            case Q4_1 -> 20;
            case Q5_0 -> 22;
            case Q5_1 -> 24;
            case Q4_K -> 144;
            case Q5_K -> 176;
            case Q6_K -> 210;
            default -> 34;
        };
        ByteBuffer data = ByteBuffer.allocate(columns * rows / perBlock * bytes).order(ByteOrder.LITTLE_ENDIAN);
        float step = (float) (0.35 / Math.sqrt(columns));
        while (data.hasRemaining()) {
            switch (type) {
                case F32 -> data.putFloat((float) random.nextDouble(-7, 7) * step);
                case F16 -> data.putShort(half((float) random.nextDouble(-7, 7) * step));
                case Q4_0 -> quants(data.putShort(half(step)), 16);
                case Q4_1 -> quants(data.putShort(half(step)).putShort(half(-5 * step)), 16);
                case Q5_0 -> quants(data.putShort(half(step / 2)), 20);
                case Q5_1 -> quants(data.putShort(half(step / 2)).putShort(half(-7 * step)), 20);
                case Q4_K -> quants(data.putShort(half(step / 32)).putShort(half(step / 4)), 140);
                case Q5_K -> quants(data.putShort(half(step / 64)).putShort(half(step / 4)), 172);
                case Q6_K -> {
                    quants(data, 208);
                    data.putShort(half(step / 256));
                }
                default -> quants(data.putShort(half(step / 16)), 32);
            }
        }
        return data.array();
    }

    private static short half(float value) {
        return Float.floatToFloat16(value);
    }

    private void quants(ByteBuffer data, int count) {
        for (int i = 0; i < count; i++) {
            data.put((byte) random.nextInt());
        }
    }
}
