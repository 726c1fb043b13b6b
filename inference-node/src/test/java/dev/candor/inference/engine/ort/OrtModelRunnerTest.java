package dev.candor.inference.engine.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.testing.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrtModelRunnerTest {
    private static final int SLOTS = 4;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(ModelForm.class)
    void chunkedPrefillGivesTheBitsOfAWholeOne(ModelForm form) throws Exception {
        int[] prompt = tokens(1, 150);
        try (OrtModelRunner runner = open(form)) {
            runner.prefill(0, prompt, 0, 150);
            float[] whole = logits(runner, 0);
            runner.prefill(2, prompt, 0, 64);
            runner.prefill(2, prompt, 64, 148);
            runner.prefill(2, prompt, 148, 150);

            assertThat(logits(runner, 0)).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @EnumSource(ModelForm.class)
    void aBatchOfUnequalLengthsGivesTheBitsOfEachAlone(ModelForm form) throws Exception {
        int[] lengths = {37, 150, 5, 90};
        try (OrtModelRunner runner = open(form)) {
            float[][] alone = new float[SLOTS][];
            for (int i = 0; i < SLOTS; i++) {
                runner.prefill(0, tokens(i, lengths[i]), 0, lengths[i]);
                runner.decode(one(9 + i, lengths[i]));
                alone[i] = logits(runner, 0);
            }
            for (int i = 0; i < SLOTS; i++) {
                runner.prefill(i, tokens(i, lengths[i]), 0, lengths[i]);
            }
            runner.decode(new DecodeStep(SLOTS, new int[][] {{9}, {10}, {11}, {12}}, lengths, false));
            for (int i = 0; i < SLOTS; i++) {
                assertThat(logits(runner, i)).as("slot %d", i).isEqualTo(alone[i]);
            }
        }
    }

    @Test
    void aCopiedSlotGoesOnAsTheFirstWould() throws Exception {
        int[] prompt = tokens(3, 40);
        try (OrtModelRunner runner = open(ModelForm.Q8)) {
            runner.prefill(3, prompt, 0, 40);
            runner.copySlot(3, 0, 40);
            runner.decode(one(7, 40));
            float[] copied = logits(runner, 0);
            runner.prefill(0, prompt, 0, 40);
            runner.decode(one(7, 40));

            assertThat(logits(runner, 0)).isEqualTo(copied);
        }
    }

    @Test
    void aRunThatFailsLeavesOtherSlotsAndLaterRunsIntact() throws Exception {
        int[] prompt = tokens(3, 40);
        try (OrtModelRunner runner = open(ModelForm.FP32)) {
            runner.prefill(0, prompt, 0, 40);
            runner.decode(one(7, 40));
            float[] before = logits(runner, 0);
            int outside = runner.vocabSize() + 5;

            assertThatThrownBy(() -> runner.prefill(1, new int[] {1, outside}, 0, 2))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("prefill of 2 tokens");

            runner.decode(one(7, 40));
            assertThat(logits(runner, 0)).isEqualTo(before);
        }
    }

    @Test
    void neverWritesPastASlot() throws Exception {
        try (OrtModelRunner runner = open(ModelForm.Q8)) {
            int context = runner.info().contextLength();
            int[] prompt = tokens(3, context + 1);

            assertThatThrownBy(() -> runner.prefill(0, prompt, 0, context + 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> runner.prefill(SLOTS + runner.stagingSlots(), prompt, 0, 5)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> runner.decode(one(1, context))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> runner.decode(new DecodeStep(SLOTS + 1, new int[9][1], new int[9], false))).isInstanceOf(IllegalArgumentException.class);
            runner.prefill(0, prompt, 0, context);
            runner.decode(one(1, context - 1));
        }
    }

    @Test
    void saysInWhichRuntimeFormAndInstructionSetItComputes() throws Exception {
        try (OrtModelRunner runner = open(ModelForm.Q8)) {
            assertThat(runner.info().determinismClass())
                    .startsWith("ort-" + runner.info().onnxRuntimeVersion() + "/" + System.getProperty("os.arch"))
                    .endsWith("/q8/gqa");
            assertThat(runner.info().slots()).isEqualTo(SLOTS);
        }
        assertThat(InstructionSet.describe("amd64", "flags : fpu avx512_vnni avx2 sse")).isEqualTo("amd64+avx2+avx512_vnni");
    }

    @Test
    void refusesADamagedGraph() throws IOException {
        VerifiedModel toy = ToyModels.write(folder.resolve("toy"));
        Files.write(folder.resolve("toy").resolve(toy.config().graph()), new byte[100]);

        assertThatThrownBy(() -> open(toy.folder(), toy.config())).isInstanceOf(ModelException.class).hasMessageContaining("cannot load");
    }

    @Test
    void refusesAGraphThatDoesNotFitItsConfiguration() throws IOException {
        VerifiedModel toy = ToyModels.write(folder.resolve("toy"));

        assertThatThrownBy(() -> open(toy.folder(), with(toy.config(), 3, 2, 278)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("3 layers");
        assertThatThrownBy(() -> open(toy.folder(), with(toy.config(), 2, 4, 278)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("past_key_values.0.key");
        assertThatThrownBy(() -> open(toy.folder(), with(toy.config(), 2, 2, 279)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("logits");
    }

    @Test
    void refusesAModelWhoseWeightsAreMissing() throws IOException {
        VerifiedModel toy = ToyModels.write(folder.resolve("toy"));
        Files.delete(folder.resolve("toy").resolve(toy.config().graph() + ".data"));

        assertThatThrownBy(() -> open(toy.folder(), toy.config())).isInstanceOf(ModelException.class);
    }

    @Test
    void takesMemoryOnlyAsSlotsFill() throws Exception {
        VerifiedModel toy = ToyModels.write(folder.resolve("wide"), new ToyModels.Shape(4, 512, 4, 4, 64, 16384), ModelForm.Q8);
        long before = residentBytes();
        long cacheBytes = 2L * 4 * 16 * 16384 * 512 * Float.BYTES;
        try (OrtModelRunner runner = OrtModelRunner.open(runtime(), toy.folder(), toy.config(), new OrtOptions(16, 0, 2, false))) {
            assertThat(runner.info().slots()).isEqualTo(16);
            assertThat(cacheBytes).isGreaterThan(4_000_000_000L);
            assertThat(residentBytes() - before).isLessThan(cacheBytes / 8);
        }
    }

    private static long residentBytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        Assumptions.assumeTrue(Files.exists(status), "no /proc here");
        String line = Files.readAllLines(status).stream().filter(l -> l.startsWith("VmRSS")).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    }

    private static ModelConfig with(ModelConfig c, int layers, int kvHeads, int vocabulary) {
        return new ModelConfig(
                c.graph(), c.tokenizer(), c.chatTemplate(), c.form(), layers, c.heads(), kvHeads, c.headSize(), c.hiddenSize(),
                vocabulary, c.contextLength(), c.bosToken(), List.copyOf(c.eosTokens()));
    }

    private OrtModelRunner open(ModelForm form) throws IOException, ModelException {
        VerifiedModel toy = ToyModels.write(folder.resolve("toy"), ToyModels.Shape.standard(), form);
        return open(toy.folder(), toy.config());
    }

    private static OrtModelRunner open(Path folder, ModelConfig config) throws ModelException {
        return OrtModelRunner.open(runtime(), folder, config, new OrtOptions(SLOTS, 0, 2, false));
    }

    private static OrtRuntime runtime() {
        return OrtRuntime.load(Models.natives());
    }

    private static DecodeStep one(int token, int length) {
        return new DecodeStep(1, new int[][] {{token}}, new int[] {length}, false);
    }

    private static int[] tokens(long seed, int count) {
        return new Random(seed).ints(count, 3, 278).toArray();
    }

    private static float[] logits(OrtModelRunner runner, int row) {
        float[] logits = new float[runner.vocabSize()];
        runner.readLogits(row, logits);
        return logits;
    }
}
