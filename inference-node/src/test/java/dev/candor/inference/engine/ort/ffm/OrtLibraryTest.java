package dev.candor.inference.engine.ort.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.onnx.ExternalData;
import dev.candor.hub.onnx.Initializer;
import dev.candor.hub.onnx.OnnxModel;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.testing.Models;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrtLibraryTest {
    @TempDir
    private Path folder;

    private OrtRuntime runtime;
    private OrtLibrary library;

    @BeforeEach
    void open() throws OrtCallException {
        runtime = OrtRuntime.load(Models.natives());
        library = OrtLibrary.open(runtime.library());
    }

    @AfterEach
    void close() {
        library.close();
    }

    @Test
    void sharesTheOneLibraryOfTheProcessWithTheJavaInterface() throws Exception {
        assertThat(library.version()).isEqualTo(runtime.version());
        assertThat(library.providers()).contains("CPUExecutionProvider");
        Path maps = Path.of("/proc/self/maps");
        Assumptions.assumeTrue(Files.exists(maps), "no /proc here");
        try (Stream<String> lines = Files.lines(maps)) {
            assertThat(lines.filter(line -> line.contains("libonnxruntime.so"))
                            .map(line -> line.split("\\s+")[4])
                            .distinct())
                    .hasSize(1);
        }
    }

    @Test
    void readsWhatAGraphTakesAndGives() throws Exception {
        VerifiedModel toy = ToyModels.write(folder.resolve("toy"));
        try (SessionSettings settings = library.settings().threads(1);
                NativeSession session = library.session(graph(toy), settings)) {
            TensorSpec ids = named(session.inputs(), "input_ids");
            assertThat(ids.kind()).isEqualTo(ElementKind.INT64);
            assertThat(ids.shape()).containsExactly(-1, -1);
            assertThat(ids.onDevice()).isFalse();
            assertThat(named(session.inputs(), "past_key_values.1.value").shape()).containsExactly(-1, 2, -1, 16);
            assertThat(named(session.outputs(), "logits").kind()).isEqualTo(ElementKind.FLOAT);
            assertThat(named(session.outputs(), "logits").shape()).containsExactly(-1, toy.config().vocabSize());
        }
    }

    @Test
    void saysWhichProviderRunsWhichNodes() throws Exception {
        VerifiedModel toy = ToyModels.write(folder.resolve("toy"));
        try (SessionSettings settings = library.settings().config(NativeSession.RECORD_ASSIGNMENT, "1");
                NativeSession session = library.session(graph(toy), settings)) {
            Map<String, Map<String, Integer>> assignment = session.assignment();

            assertThat(assignment).containsOnlyKeys("CPUExecutionProvider");
            assertThat(assignment.get("CPUExecutionProvider")).containsKey("MatMulNBits");
        }
        try (SessionSettings settings = library.settings();
                NativeSession session = library.session(graph(toy), settings)) {
            assertThatThrownBy(session::assignment).isInstanceOf(OrtCallException.class).hasMessageContaining("record_ep_graph_assignment_info");
        }
    }

    @Test
    void bindsTensorsOverMemoryOfTheDeviceAllocator() throws Exception {
        VerifiedModel toy = ToyModels.write(folder.resolve("toy"));
        try (SessionSettings settings = library.settings();
                NativeSession session = library.session(graph(toy), settings);
                DeviceAllocator allocator = session.allocator(MemoryPlace.HOST)) {
            MemorySpan block = allocator.allocate(1024);
            try (BoundTensor tensor = library.tensor(block.slice(128, 64), ElementKind.INT64, 2, 4)) {
                assertThat(tensor.dataAddress()).isEqualTo(block.address() + 128);
            }
            block.host().fill((byte) 7);
            assertThat(block.slice(1023, 1).host().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
            assertThatThrownBy(() -> block.slice(1020, 5)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> allocator.allocate(0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> library.tensor(block, ElementKind.FLOAT, 1024)).isInstanceOf(OrtCallException.class);
        }
    }

    @Test
    void memoryOfADeviceIsNeverReadByTheHost() {
        MemorySpan span = new MemorySpan(MemoryPlace.cuda(0), 4096, 64);

        assertThatThrownBy(span::host).isInstanceOf(IllegalStateException.class).hasMessageContaining("cannot be read by the host");
    }

    @Test
    void aFailedRunGivesTheWordsOfTheRuntimeAndLeavesTheSessionUsable() throws Exception {
        VerifiedModel toy = ToyModels.write(folder.resolve("toy"));
        try (SessionSettings settings = library.settings();
                NativeSession session = library.session(graph(toy), settings);
                RunSettings run = library.runSettings();
                IoBinding binding = session.binding();
                Arena arena = Arena.ofConfined();
                BoundTensor ids = library.tensor(MemorySpan.of(arena.allocate(16)), ElementKind.INT64, 1, 2)) {
            binding.input("input_ids", ids);

            assertThatThrownBy(() -> session.run(binding, run)).isInstanceOf(OrtCallException.class).hasMessageContaining("output should be requested");
            assertThatThrownBy(() -> binding.input("absent", ids)).isInstanceOf(OrtCallException.class).hasMessageContaining("absent");
            assertThat(session.inputs()).isNotEmpty();
        }
    }

    @Test
    void aRunThatIsToldToEndSaysSo() throws Exception {
        VerifiedModel toy = ToyModels.write(folder.resolve("toy"));
        try (SessionSettings settings = library.settings();
                NativeSession session = library.session(graph(toy), settings);
                RunSettings run = library.runSettings().config("gpu_graph_id", "-1");
                ToyRun step = new ToyRun(library, session, toy.config())) {
            run.terminate(true);
            assertThatThrownBy(() -> session.run(step.binding(), run)).isInstanceOf(OrtCallException.class).hasMessageContaining("terminate");
            run.terminate(false);
            session.run(step.binding(), run);
        }
    }

    @Test
    void refusesWhatIsNotAModelAndWhatIsNotTheRuntime() throws Exception {
        Path broken = Files.write(folder.resolve("broken.onnx"), new byte[100]);
        try (SessionSettings settings = library.settings()) {
            assertThatThrownBy(() -> library.session(broken, settings)).isInstanceOf(OrtCallException.class).hasMessageContaining("broken.onnx");
            assertThatThrownBy(() -> library.session(folder.resolve("absent.onnx"), settings))
                    .isInstanceOf(OrtCallException.class)
                    .hasMessageContaining("absent.onnx");
        }
        assertThatThrownBy(() -> OrtLibrary.open(folder.resolve("absent.so")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("absent.so");
    }

    @Test
    void aSessionOutlivesItsBindings() throws Exception {
        VerifiedModel toy = ToyModels.write(folder.resolve("toy"));
        try (SessionSettings settings = library.settings()) {
            NativeSession session = library.session(graph(toy), settings);
            IoBinding binding = session.binding();
            assertThatThrownBy(session::close).isInstanceOf(IllegalStateException.class).hasMessageContaining("still open");
            binding.close();
            session.close();
            session.close();
            assertThatThrownBy(session::binding).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        }
    }

    @Test
    void withoutACudaLibraryTheProviderIsRefusedInWords() throws Exception {
        Assumptions.assumeFalse(library.providers().contains("CUDAExecutionProvider"), "this build has CUDA");
        try (SessionSettings settings = library.settings()) {
            assertThatThrownBy(() -> settings.cuda(Map.of("device_id", "0"), MemorySegment.NULL))
                    .isInstanceOf(OrtCallException.class)
                    .hasMessageMatching("(?is).*cuda.*");
        }
    }

    @Test
    void theSlotsOfTheCudaFunctionsHoldFunctionsThatSpeakOfCuda() throws Exception {
        Assumptions.assumeFalse(library.providers().contains("CUDAExecutionProvider"), "this build has CUDA");
        OrtApi api = OrtApi.of(SymbolLookup.libraryLookup(runtime.library(), Arena.global()));
        MemorySegment none = MemorySegment.NULL;

        assertThatThrownBy(() -> api.call(ApiFunction.APPEND_CUDA, none, none)).hasMessageMatching("(?is).*cuda.*");
        assertThatThrownBy(() -> api.call(ApiFunction.CREATE_CUDA_OPTIONS, none)).hasMessageMatching("(?is).*cuda.*");
        assertThatThrownBy(() -> api.call(ApiFunction.UPDATE_CUDA_OPTIONS, none, none, none, 0L)).hasMessageMatching("(?is).*cuda.*");
        assertThatThrownBy(() -> api.call(ApiFunction.UPDATE_CUDA_OPTION_VALUE, none, none, none)).hasMessageMatching("(?is).*cuda.*");
        api.run(ApiFunction.RELEASE_CUDA_OPTIONS, none);
    }

    @Test
    void sessionsThatShareTheirWeightsAndWhatIsPackedOfThemGiveTheSameBits() throws Exception {
        VerifiedModel toy = ToyModels.write(folder.resolve("toy"));
        MemorySegment data;
        try (FileChannel file = FileChannel.open(toy.folder().resolve(toy.config().graph() + ".data"))) {
            data = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), Arena.global());
        }
        List<BoundTensor> tensors = new ArrayList<>();
        try (PrepackedWeights weights = library.prepackedWeights();
                SessionSettings plain = library.settings().threads(1);
                SessionSettings shared = library.settings().threads(1)) {
            for (Initializer initializer : OnnxModel.read(graph(toy)).graph().initializers()) {
                if (initializer.content() instanceof Initializer.External external) {
                    BoundTensor tensor = weight(initializer, data, external.region());
                    tensors.add(tensor);
                    shared.initializer(initializer.name(), tensor);
                }
            }
            try (NativeSession alone = library.session(graph(toy), plain);
                    NativeSession first = library.session(graph(toy), shared, weights);
                    NativeSession second = library.session(graph(toy), shared, weights)) {
                float[] expected = ToyRun.logits(library, alone, toy.config());

                assertThat(tensors).isNotEmpty();
                assertThat(ToyRun.logits(library, first, toy.config())).isEqualTo(expected);
                assertThat(ToyRun.logits(library, second, toy.config())).isEqualTo(expected);
            }
        } finally {
            tensors.forEach(BoundTensor::close);
        }
    }

    private BoundTensor weight(Initializer initializer, MemorySegment data, ExternalData.Region region) throws OrtCallException {
        long[] shape = initializer.dimensions().stream().mapToLong(Long::longValue).toArray();
        MemorySpan memory = MemorySpan.of(data.asSlice(region.offset(), region.length()));
        return library.tensor(memory, ElementKind.valueOf(initializer.type().name()), shape);
    }

    @Test
    void failingCallsLeaveNothingBehind() throws Exception {
        Path broken = Files.write(folder.resolve("broken.onnx"), new byte[100]);
        try (SessionSettings settings = library.settings()) {
            for (int i = 0; i < 200; i++) {
                assertThatThrownBy(() -> library.session(broken, settings)).isInstanceOf(OrtCallException.class);
            }
            long before = residentKilobytes();
            for (int i = 0; i < 2_000; i++) {
                assertThatThrownBy(() -> library.session(broken, settings)).isInstanceOf(OrtCallException.class);
            }
            assertThat(residentKilobytes() - before).isLessThan(64_000);
        }
    }

    private static long residentKilobytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        Assumptions.assumeTrue(Files.exists(status), "no /proc here");
        String line = Files.readAllLines(status).stream().filter(each -> each.startsWith("VmRSS")).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    private static Path graph(VerifiedModel model) {
        return model.folder().resolve(model.config().graph());
    }

    private static TensorSpec named(List<TensorSpec> specs, String name) {
        return specs.stream().filter(spec -> spec.name().equals(name)).findFirst().orElseThrow();
    }
}
