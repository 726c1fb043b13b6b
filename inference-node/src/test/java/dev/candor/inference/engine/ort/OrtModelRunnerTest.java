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
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"FP16", "Q8F16", "Q4F16"})
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
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"FP16", "Q8F16", "Q4F16"})
    void stepsOfABatchOfUnequalLengthsGiveTheBitsOfOnePrefillOfEach(ModelForm form) throws Exception {
        int[] lengths = {37, 150, 5, 90};
        int steps = 5;
        try (OrtModelRunner runner = open(form)) {
            assertThat(runner.exact()).isTrue();
            float[][][] whole = new float[SLOTS][][];
            for (int i = 0; i < SLOTS; i++) {
                whole[i] = lastLogits(runner, tokens(i, lengths[i] + steps), steps);
                runner.prefill(i, tokens(i, lengths[i]), 0, lengths[i]);
            }
            for (int step = 0; step < steps; step++) {
                runner.decode(next(lengths, step, 1));
                for (int i = 0; i < SLOTS; i++) {
                    assertThat(logits(runner, i)).as("slot %d, step %d", i, step).isEqualTo(whole[i][step]);
                }
            }
        }
    }

    @Test
    void headsThatShareNoKeysAreExactToo() throws Exception {
        VerifiedModel toy = ToyModels.write(folder.resolve("toy"), new ToyModels.Shape(2, 64, 4, 4, 96, 256), ModelForm.Q8);
        try (OrtModelRunner runner = open(toy.folder(), toy.config())) {
            float[][] whole = lastLogits(runner, tokens(1, 80), 10);
            runner.prefill(0, tokens(1, 80), 0, 70);
            for (int i = 0; i < 10; i++) {
                runner.decode(one(tokens(1, 80)[70 + i], 70 + i));
                assertThat(logits(runner, 0)).as("token %d", i).isEqualTo(whole[i]);
            }
        }
    }

    @Test
    void stepsOfSeveralTokensEachGiveTheBitsOfOnePrefill() throws Exception {
        int[] lengths = {60, 3, 170, 64};
        try (OrtModelRunner runner = open(ModelForm.Q8)) {
            float[][][] whole = new float[SLOTS][][];
            int[][] tokens = new int[SLOTS][];
            for (int i = 0; i < SLOTS; i++) {
                int count = 1 + 2 * i;
                int[] all = tokens(i, lengths[i] + count);
                whole[i] = lastLogits(runner, all, count);
                tokens[i] = Arrays.copyOfRange(all, lengths[i], all.length);
                runner.prefill(i, all, 0, lengths[i]);
            }
            runner.decode(new DecodeStep(SLOTS, tokens, lengths, true));
            int row = 0;
            for (int i = 0; i < SLOTS; i++) {
                for (float[] expected : whole[i]) {
                    assertThat(logits(runner, row++)).as("slot %d", i).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void sequencesKeepTheirBitsWhileTheyGrowLeaveAndMoveBetweenSlots() throws Exception {
        int[] lengths = {60, 190, 10, 120};
        int steps = 12;
        try (OrtModelRunner runner = open(ModelForm.Q8)) {
            float[][][] whole = new float[SLOTS][][];
            for (int i = 0; i < SLOTS; i++) {
                whole[i] = lastLogits(runner, tokens(i, lengths[i] + steps), steps);
                runner.prefill(SLOTS, tokens(i, lengths[i]), 0, lengths[i]);
                runner.moveSlot(SLOTS, i, lengths[i]);
            }
            runner.decode(next(lengths, 0, 1));
            runner.moveSlot(3, 0, lengths[3] + 1);
            int[] who = {3, 1, 2};
            for (int step = 1; step < steps; step++) {
                int[][] fed = new int[3][];
                int[] held = new int[3];
                for (int slot = 0; slot < 3; slot++) {
                    held[slot] = lengths[who[slot]] + step;
                    fed[slot] = new int[] {tokens(who[slot], held[slot] + 1)[held[slot]]};
                }
                runner.decode(new DecodeStep(3, fed, held, true));
                for (int slot = 0; slot < 3; slot++) {
                    assertThat(logits(runner, slot)).as("sequence %d, step %d", who[slot], step).isEqualTo(whole[who[slot]][step]);
                }
            }
        }
    }

    @Test
    void keysAndValuesOfStepsAreThoseOfAPrefillAndCanBePutBack() throws Exception {
        int[] all = tokens(5, 70);
        try (OrtModelRunner runner = open(ModelForm.Q8); Arena arena = Arena.ofConfined()) {
            MemorySegment prefilled = arena.allocate(70 * runner.kvBytesPerToken());
            MemorySegment stepped = arena.allocate(70 * runner.kvBytesPerToken());
            runner.prefill(0, all, 0, 70);
            runner.saveKv(0, 0, 70, prefilled);
            float[] expected = logits(runner, 0);
            runner.prefill(0, all, 0, 60);
            for (int i = 60; i < 70; i++) {
                runner.decode(one(all[i], i));
            }
            runner.saveKv(0, 0, 70, stepped);
            assertThat(stepped.mismatch(prefilled)).isEqualTo(-1);

            runner.trim(0, 0);
            MemorySegment before = arena.allocate(69 * runner.kvBytesPerToken());
            runner.prefill(0, all, 0, 69);
            runner.saveKv(0, 0, 69, before);
            runner.trim(0, 0);
            runner.restoreKv(0, 0, 69, before);
            runner.decode(one(all[69], 69));
            assertThat(logits(runner, 0)).isEqualTo(expected);
        }
    }

    @Test
    void valuesThatAreNoNumbersStayWithTheirSequence() throws Exception {
        int[] all = tokens(5, 40);
        try (OrtModelRunner runner = open(ModelForm.FP32); Arena arena = Arena.ofConfined()) {
            MemorySegment poison = arena.allocate(60 * runner.kvBytesPerToken());
            for (long at = 0; at < poison.byteSize(); at += Float.BYTES) {
                poison.set(ValueLayout.JAVA_FLOAT, at, Float.NaN);
            }
            runner.prefill(0, all, 0, 20);
            runner.prefill(1, tokens(7, 50), 0, 50);
            runner.restoreKv(1, 0, 50, poison.asSlice(0, 50 * runner.kvBytesPerToken()));
            float[][] whole = lastLogits(runner, all, 20);
            runner.decode(new DecodeStep(2, new int[][] {{all[20]}, {9}}, new int[] {20, 50}, true));
            assertThat(logits(runner, 0)).isEqualTo(whole[0]);
            assertThat(logits(runner, 1)[0]).isNaN();

            runner.trim(1, 0);
            runner.prefill(1, tokens(8, 30), 0, 30);
            for (int i = 1; i < 20; i++) {
                runner.decode(new DecodeStep(2, new int[][] {{all[20 + i]}, {9}}, new int[] {20 + i, 29 + i}, true));
                assertThat(logits(runner, 0)).as("token %d", i).isEqualTo(whole[i]);
                assertThat(logits(runner, 1)).doesNotContain(Float.NaN);
            }
        }
    }

    @Test
    void aPromptOfOneTokenAndChunksOfOneTokenGiveTheBitsOfAPrefill() throws Exception {
        int[] all = tokens(6, 9);
        try (OrtModelRunner runner = open(ModelForm.FP32)) {
            float[][] whole = lastLogits(runner, all, 9);
            for (int i = 0; i < 9; i++) {
                runner.prefill(0, all, i, i + 1);
                assertThat(logits(runner, 0)).as("token %d", i).isEqualTo(whole[i]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"FP16", "Q8F16", "Q4F16"})
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
            assertThatThrownBy(() -> runner.prefill(runner.scoringSlot() + 1, prompt, 0, 5)).isInstanceOf(IllegalArgumentException.class);
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
                    .matches(".*/q8/exact/graph-[0-9a-f]{16}");
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

    @Test
    void computesTheSameAfterARestAsBefore() throws Exception {
        int[] prompt = tokens(9, 100);
        try (OrtModelRunner runner = open(ModelForm.Q8)) {
            runner.prefill(0, prompt, 0, prompt.length);
            float[] before = logits(runner, 0);
            runner.trim(0, 0);

            runner.rest();
            runner.rest();

            runner.prefill(0, prompt, 0, prompt.length);
            assertThat(logits(runner, 0)).containsExactly(before);
            float[][] scored = lastLogits(runner, prompt, 40);
            assertThat(scored[39]).containsExactly(before);
        }
    }

    @Test
    void givesBackTheManyLogitsOfATranscriptButNoneThatAStepMayHaveWritten() throws Exception {
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "memory is given back on Linux");
        int rows = 200;
        try (OrtModelRunner runner = open(ModelForm.Q8)) {
            int[] transcript = tokens(7, 210);
            runner.prefill(runner.scoringSlot(), transcript, 0, transcript.length, transcript.length - rows);
            float[] first = logits(runner, 0);
            assertThat(logits(runner, rows - 1)).isNotEqualTo(new float[runner.vocabSize()]);

            runner.trim(runner.scoringSlot(), 0);

            assertThat(rows).isGreaterThan(runner.info().slots() * runner.stepTokens());
            assertThat(logits(runner, 0)).containsExactly(first);
            assertThat(logits(runner, rows - 1)).containsOnly(0);
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

    /** Logits of the last {@code rows} tokens by one prefill. */
    private static float[][] lastLogits(OrtModelRunner runner, int[] tokens, int rows) throws ModelException {
        float[][] found = new float[rows][];
        runner.prefill(runner.scoringSlot(), tokens, 0, tokens.length, tokens.length - rows);
        for (int row = 0; row < rows; row++) {
            found[row] = logits(runner, row);
        }
        runner.trim(runner.scoringSlot(), 0);
        return found;
    }

    /** The next tokens of sequences that {@link #tokens} makes of their slots' numbers. */
    private static DecodeStep next(int[] lengths, int done, int count) {
        int[][] tokens = new int[lengths.length][];
        int[] held = new int[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            held[i] = lengths[i] + done;
            tokens[i] = Arrays.copyOfRange(tokens(i, held[i] + count), held[i], held[i] + count);
        }
        return new DecodeStep(lengths.length, tokens, held, true);
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
