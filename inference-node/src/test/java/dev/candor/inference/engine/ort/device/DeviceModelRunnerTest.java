package dev.candor.inference.engine.ort.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.ort.OrtModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.testing.Models;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceModelRunnerTest {
    private static final int SLOTS = 4;
    private static final OrtOptions ORT = new OrtOptions(SLOTS, 0, 2, false);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(value = ModelForm.class, names = {"FP32", "Q8", "Q4EXACT"})
    void givesTheBitsOfTheJavaInterfacesRunner(ModelForm form) throws Exception {
        VerifiedModel toy = toy(form);
        try (ModelRunner device = open(toy, false);
                ModelRunner java = OrtModelRunner.open(runtime(), toy.folder(), toy.config(), ORT)) {
            assertSameBits(device, java, 278);
        }
    }

    @Test
    void givesTheBitsOfTheJavaInterfacesRunnerOnTheDemoModel() throws Exception {
        VerifiedModel demo = Models.demo("q8");
        OrtOptions ort = new OrtOptions(SLOTS, 256, 2, false);
        try (ModelRunner device =
                        DeviceModelRunner.open(runtime(), new CpuDevice(), demo.folder(), demo.config(), new DeviceOptions(ort, false));
                ModelRunner java = OrtModelRunner.open(runtime(), demo.folder(), demo.config(), ort)) {
            assertSameBits(device, java, 49_000);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void decodesWithTheTotalThatARecordedRunWouldKeepGiveTheSameBits(boolean graphs) throws Exception {
        VerifiedModel toy = toy(ModelForm.Q8);
        try (ModelRunner device = open(toy, graphs);
                ModelRunner java = OrtModelRunner.open(runtime(), toy.folder(), toy.config(), ORT)) {
            assertSameBits(device, java, 278);
        }
    }

    @ParameterizedTest
    @CsvSource({"FP16, FP32, 0.1", "Q8F16, Q8, 0.5"})
    void formsForGpusKeepHalfAsManyBytesAndStayNearThe32BitOnes(ModelForm form, ModelForm reference, float near)
            throws Exception {
        int[] prompt = tokens(3, 40);
        try (ModelRunner half = open(toy(form), true);
                ModelRunner whole = open(toy(reference), false)) {
            assertThat(half.kvBytesPerToken()).isEqualTo(whole.kvBytesPerToken() / 2);
            assertThat(((DeviceModelRunner) half).cacheBytes())
                    .isEqualTo(half.kvBytesPerToken() * (SLOTS + half.stagingSlots()) * half.info().contextLength());
            for (ModelRunner runner : List.of(half, whole)) {
                runner.prefill(1, prompt, 0, 20);
                runner.prefill(1, prompt, 20, 40);
                runner.copySlot(1, 0, 40);
            }
            float[] one = decode(half, 7, 40);
            float[] other = decode(whole, 7, 40);
            for (int i = 0; i < one.length; i++) {
                assertThat(one[i]).isCloseTo(other[i], within(near));
            }
        }
    }

    @Test
    void copiedSavedAndRestoredSlotsGoOnAsTheFirstWould() throws Exception {
        int[] prompt = tokens(3, 40);
        try (ModelRunner runner = open(toy(ModelForm.Q8), false);
                Arena arena = Arena.ofConfined()) {
            runner.prefill(0, prompt, 0, 40);
            float[] expected = decode(runner, 7, 40);

            runner.prefill(SLOTS, prompt, 0, 40);
            runner.copySlot(SLOTS, 0, 40);
            assertThat(decode(runner, 7, 40)).isEqualTo(expected);

            MemorySegment head = arena.allocate(16 * runner.kvBytesPerToken());
            MemorySegment tail = arena.allocate(24 * runner.kvBytesPerToken());
            runner.saveKv(SLOTS, 0, 16, head);
            runner.saveKv(SLOTS, 16, 40, tail);
            runner.prefill(0, tokens(9, 40), 0, 40);
            runner.restoreKv(0, 16, 40, tail);
            runner.restoreKv(0, 0, 16, head);
            assertThat(decode(runner, 7, 40)).isEqualTo(expected);
            runner.trim(0, 40);
            assertThat(decode(runner, 7, 40)).isEqualTo(expected);
        }
    }

    @Test
    void whatIsBehindATrimmedSlotsTokensIsZero() throws Exception {
        try (ModelRunner runner = open(toy(ModelForm.Q8), false);
                Arena arena = Arena.ofConfined()) {
            runner.prefill(0, tokens(3, 40), 0, 40);
            float[] expected = decode(runner, 7, 40);
            MemorySegment tail = arena.allocate(25 * runner.kvBytesPerToken());
            runner.saveKv(0, 16, 41, tail);
            assertThat(tail.toArray(ValueLayout.JAVA_BYTE)).containsAnyOf(1, 2, 3);

            runner.trim(0, 16);
            runner.saveKv(0, 16, 41, tail);
            assertThat(tail.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
            runner.prefill(0, tokens(3, 40), 16, 40);
            assertThat(decode(runner, 7, 40)).isEqualTo(expected);
        }
    }

    @Test
    void keysAndValuesSavedByOneRunnerFitTheOther() throws Exception {
        VerifiedModel toy = toy(ModelForm.Q8);
        int[] prompt = tokens(3, 40);
        try (ModelRunner device = open(toy, false);
                ModelRunner java = OrtModelRunner.open(runtime(), toy.folder(), toy.config(), ORT);
                Arena arena = Arena.ofConfined()) {
            assertThat(device.kvBytesPerToken()).isEqualTo(java.kvBytesPerToken());
            MemorySegment saved = arena.allocate(40 * java.kvBytesPerToken());
            java.prefill(1, prompt, 0, 40);
            java.saveKv(1, 0, 40, saved);
            device.restoreKv(0, 0, 40, saved);
            java.copySlot(1, 0, 40);

            assertThat(decode(device, 7, 40)).isEqualTo(decode(java, 7, 40));
        }
    }

    @Test
    void aRunThatFailsLeavesOtherSlotsAndLaterRunsIntact() throws Exception {
        int[] prompt = tokens(3, 40);
        try (ModelRunner runner = open(toy(ModelForm.FP32), false)) {
            runner.prefill(0, prompt, 0, 40);
            float[] before = decode(runner, 7, 40);
            int outside = runner.vocabSize() + 5;

            assertThatThrownBy(() -> runner.prefill(1, new int[] {1, outside}, 0, 2))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("prefill of 2 tokens");
            assertThat(decode(runner, 7, 40)).isEqualTo(before);
        }
    }

    @Test
    void neverWritesPastASlotOrReadsPastTheLogits() throws Exception {
        try (ModelRunner runner = open(toy(ModelForm.Q8), false)) {
            int context = runner.info().contextLength();
            int[] prompt = tokens(3, context + 1);
            float[] logits = new float[runner.vocabSize()];
            int slots = SLOTS + runner.stagingSlots();

            assertThatThrownBy(() -> runner.prefill(0, prompt, 0, context + 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> runner.prefill(slots, prompt, 0, 5)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> runner.decode(step(1, context))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> runner.decode(new DecodeStep(SLOTS + 1, new int[9][1], new int[9], false)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> runner.decode(new DecodeStep(1, new int[][] {{1, 2}}, new int[] {4}, false)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> runner.readLogits(SLOTS, logits)).isInstanceOf(IllegalArgumentException.class);
            runner.prefill(0, prompt, 0, context);
            runner.decode(step(1, context - 1));
        }
    }

    @Test
    void decodesExactlyWhereTheGraphCanAndRefusesWhereItCannot() throws Exception {
        DecodeStep exact = new DecodeStep(1, new int[][] {{7}}, new int[] {40}, true);
        int[] prompt = tokens(3, 41);
        prompt[40] = 7;
        try (ModelRunner runner = open(toy(ModelForm.Q8), false)) {
            assertThat(runner.exact()).isTrue();
            runner.prefill(1, prompt, 0, 41);
            float[] expected = logits(runner, 0);
            runner.prefill(0, prompt, 0, 40);
            runner.decode(exact);
            assertThat(logits(runner, 0)).isEqualTo(expected);
        }
        try (ModelRunner runner = open(toy(ModelForm.FP16), false)) {
            assertThat(runner.exact()).isFalse();
            runner.prefill(0, prompt, 0, 40);
            assertThatThrownBy(() -> runner.decode(exact)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("exact");
        }
    }

    @Test
    void saysOnWhatItRuns() throws Exception {
        VerifiedModel toy = toy(ModelForm.Q8);
        try (ModelRunner runner = open(toy, false);
                ModelRunner java = OrtModelRunner.open(runtime(), toy.folder(), toy.config(), ORT)) {
            assertThat(runner.info().executionProvider()).isEqualTo("cpu");
            assertThat(runner.info().determinismClass())
                    .startsWith("ort-" + runner.info().onnxRuntimeVersion() + "/" + System.getProperty("os.arch"))
                    .contains("/q8/exact/graph-")
                    .isEqualTo(java.info().determinismClass());
        }
        try (ModelRunner runner = open(toy, true)) {
            assertThat(runner.info().determinismClass()).contains("/q8/exact+graphs/");
        }
    }

    @Test
    void refusesWhatDoesNotFit() throws Exception {
        VerifiedModel toy = toy(ModelForm.Q8);
        ModelConfig config = toy.config();

        assertThatThrownBy(() -> open(toy.folder(), with(config, 3, 2, 278))).isInstanceOf(ModelException.class).hasMessageContaining("3 layers");
        assertThatThrownBy(() -> open(toy.folder(), with(config, 2, 4, 278)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("past_key_values.0.key");
        assertThatThrownBy(() -> open(toy.folder(), with(config, 2, 2, 279))).isInstanceOf(ModelException.class).hasMessageContaining("logits");
        Files.write(toy.folder().resolve(config.graph()), new byte[100]);
        assertThatThrownBy(() -> open(toy.folder(), config)).isInstanceOf(ModelException.class).hasMessageContaining("cannot load");
    }

    private static void assertSameBits(ModelRunner one, ModelRunner other, int vocabulary) throws ModelException {
        int[] lengths = {37, 150, 5, 90};
        for (int slot = 0; slot < SLOTS; slot++) {
            int[] prompt = new Random(slot).ints(lengths[slot], 3, vocabulary).toArray();
            int half = lengths[slot] / 2;
            for (ModelRunner runner : List.of(one, other)) {
                runner.prefill(slot, prompt, 0, half);
                runner.prefill(slot, prompt, half, lengths[slot]);
            }
            assertThat(logits(one, 0)).isEqualTo(logits(other, 0));
        }
        for (int batch = SLOTS; batch >= 1; batch--) {
            DecodeStep step = new DecodeStep(batch, new int[][] {{9}, {10}, {11}, {12}}, lengths.clone(), false);
            one.decode(step);
            other.decode(step);
            for (int row = 0; row < batch; row++) {
                assertThat(logits(one, row)).as("batch %d, row %d", batch, row).isEqualTo(logits(other, row));
                lengths[row]++;
            }
        }
    }

    private static float[] decode(ModelRunner runner, int token, int length) throws ModelException {
        runner.decode(step(token, length));
        return logits(runner, 0);
    }

    private static DecodeStep step(int token, int length) {
        return new DecodeStep(1, new int[][] {{token}}, new int[] {length}, false);
    }

    private VerifiedModel toy(ModelForm form) throws IOException {
        return ToyModels.write(folder.resolve("toy-" + form.label()), ToyModels.Shape.standard(), form);
    }

    private static ModelConfig with(ModelConfig c, int layers, int kvHeads, int vocabulary) {
        return new ModelConfig(
                c.graph(), c.tokenizer(), c.chatTemplate(), c.form(), layers, c.heads(), kvHeads, c.headSize(), c.hiddenSize(),
                vocabulary, c.contextLength(), c.bosToken(), List.copyOf(c.eosTokens()));
    }

    private static ModelRunner open(VerifiedModel model, boolean graphs) throws ModelException {
        return DeviceModelRunner.open(runtime(), new CpuDevice(), model.folder(), model.config(), new DeviceOptions(ORT, graphs));
    }

    private static ModelRunner open(Path folder, ModelConfig config) throws ModelException {
        return DeviceModelRunner.open(runtime(), new CpuDevice(), folder, config, new DeviceOptions(ORT, false));
    }

    private static OrtRuntime runtime() {
        return OrtRuntime.load(Models.natives());
    }

    private static int[] tokens(long seed, int count) {
        return new Random(seed).ints(count, 3, 278).toArray();
    }

    private static float[] logits(ModelRunner runner, int row) {
        float[] logits = new float[runner.vocabSize()];
        runner.readLogits(row, logits);
        return logits;
    }
}
