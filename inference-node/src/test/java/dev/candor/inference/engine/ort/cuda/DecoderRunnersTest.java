package dev.candor.inference.engine.ort.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.ort.NativeSet;
import dev.candor.inference.engine.ort.OrtModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.ort.device.DevicePreference;
import dev.candor.inference.engine.testing.Models;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecoderRunnersTest {
    private static final OrtOptions ORT = new OrtOptions(2, 64, 1, false);
    private static final CudaProbe NOTHING = new CudaProbe(NativeSet.CUDA12, name -> Optional.empty());

    private final Logger logger = Logger.getLogger(DecoderRunners.class.getName());
    private final List<String> warnings = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord message) {
            warnings.add(java.text.MessageFormat.format(message.getMessage(), message.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @TempDir
    private Path folder;

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(handler);
    }

    @Test
    void withoutAGpuTheCpuServesAndAWarningSaysWhatIsMissing() throws Exception {
        VerifiedModel toy = toy(ModelForm.Q8);
        DecoderRunners runners = new DecoderRunners(DevicePreference.CUDA, NOTHING);

        assertThat(runners.gpu()).isFalse();
        try (ModelRunner runner = runners.open(runtime(), toy.folder(), toy.config(), ORT)) {
            assertThat(runner).isInstanceOf(OrtModelRunner.class);
            assertThat(runner.info().executionProvider()).isEqualTo("cpu");
        }
        assertThat(warnings).singleElement().asString().contains("run on the CPU").contains("libcuda.so.1").contains("libcublas.so.12");
    }

    @Test
    void nobodyIsWarnedWhoDoesNotAskForAGpuAndHasNone() {
        assertThat(new DecoderRunners(DevicePreference.AUTO, NOTHING).gpu()).isFalse();
        assertThat(new DecoderRunners(DevicePreference.CPU, NOTHING).gpu()).isFalse();
        assertThat(warnings).isEmpty();
    }

    @Test
    void whereThereIsADriverItIsSaidWhyItIsNotUsed() {
        try (FakeCuda cuda = new FakeCuda()) {
            CudaProbe onlyDriver =
                    new CudaProbe(NativeSet.CPU, name -> name.equals("libcuda.so.1") ? Optional.of(cuda.library()) : Optional.empty());
            assertThat(new DecoderRunners(DevicePreference.AUTO, onlyDriver).gpu()).isFalse();
            assertThat(warnings).singleElement().asString().contains("Maven profile");
        }
    }

    @Test
    void aFormOf32BitsRunsOnTheCpuAndAWarningNamesTheFormsForGpus() throws Exception {
        VerifiedModel toy = toy(ModelForm.Q8);
        try (FakeCuda cuda = new FakeCuda()) {
            DecoderRunners runners = new DecoderRunners(DevicePreference.AUTO, complete(cuda));
            assertThat(runners.gpu()).isTrue();
            try (ModelRunner runner = runners.open(runtime(), toy.folder(), toy.config(), ORT)) {
                assertThat(runner).isInstanceOf(OrtModelRunner.class);
            }
            assertThat(warnings).singleElement().asString().contains("q8").contains("fp16, q8f16 or q4f16");
        }
    }

    @Test
    void aGpuThatCannotBeOpenedFailsTheModelAndGivesEverythingBack() throws Exception {
        VerifiedModel toy = toy(ModelForm.FP16);
        try (FakeCuda cuda = new FakeCuda()) {
            DecoderRunners runners = new DecoderRunners(DevicePreference.CUDA, complete(cuda));

            assertThatThrownBy(() -> runners.open(runtime(), toy.folder(), toy.config(), ORT)).isInstanceOf(ModelException.class).hasMessageContaining("cuda");
            assertThat(cuda.open()).isZero();
        }
    }

    private static CudaProbe complete(FakeCuda cuda) {
        return new CudaProbe(NativeSet.CUDA12, name -> Optional.of(cuda.library()));
    }

    private VerifiedModel toy(ModelForm form) throws IOException {
        return ToyModels.write(folder.resolve("toy"), ToyModels.Shape.standard(), form);
    }

    private static OrtRuntime runtime() {
        return OrtRuntime.load(Models.natives());
    }
}
