package dev.candor.inference.engine.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.hub.onnx.ElementType;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.tensor.Datatype;
import dev.candor.inference.engine.tensor.RunControl;
import dev.candor.inference.engine.tensor.Tensor;
import dev.candor.inference.engine.tensor.TensorSpec;
import dev.candor.inference.engine.tensor.TensorTexts;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.engine.testing.TensorGraphs;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrtTensorRunnerTest {
    private static final long MAX = 1 << 20;

    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource({
        "UINT8, UINT8", "INT8, INT8", "UINT16, UINT16", "INT16, INT16", "UINT32, UINT32", "INT32, INT32", "UINT64, UINT64", "INT64, INT64",
        "FLOAT16, FP16", "BFLOAT16, BF16", "FLOAT, FP32", "DOUBLE, FP64"
    })
    void everyBitOfEveryTypeGoesThrough(ElementType type, Datatype datatype) throws Exception {
        byte[] bytes = new byte[6 * datatype.width()];
        new Random(1).nextBytes(bytes);
        bytes[bytes.length - 1] = (byte) 0xff;
        try (OrtTensorRunner runner = open(TensorGraphs.identity(temp, type))) {
            assertThat(runner.signature().inputs()).containsExactly(new TensorSpec("x", datatype, Optional.of(List.of(-1L, -1L))));
            Tensor out = run(runner, new Tensor("x", datatype, List.of(2L, 3L), MemorySegment.ofArray(bytes)));

            assertThat(out.datatype()).isEqualTo(datatype);
            assertThat(out.shape()).containsExactly(2L, 3L);
            assertThat(out.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
        }
    }

    @Test
    void truthValuesGoThrough() throws Exception {
        try (OrtTensorRunner runner = open(TensorGraphs.identity(temp, ElementType.BOOL))) {
            Tensor out = run(runner, new Tensor("x", Datatype.BOOL, List.of(1L, 3L), MemorySegment.ofArray(new byte[] {1, 0, 1})));

            assertThat(out.data().toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 0, 1);
        }
    }

    @Test
    void stringsOfAnyCharactersGoThrough() throws Exception {
        List<byte[]> texts = List.of("", "ü", "😀 and more", "a\nb").stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
        try (OrtTensorRunner runner = open(TensorGraphs.identity(temp, ElementType.STRING))) {
            Tensor out = run(runner, new Tensor("x", Datatype.BYTES, List.of(2L, 2L), TensorTexts.join(texts)));

            assertThat(TensorTexts.utf8(out)).containsExactly("", "ü", "😀 and more", "a\nb");
            assertThatThrownBy(() -> run(runner, new Tensor("x", Datatype.BYTES, List.of(1L, 1L), TensorTexts.join(List.of(new byte[] {-1})))))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("a string that is not UTF-8");
        }
    }

    @Test
    void aTensorWithoutElementsGoesThrough() throws Exception {
        try (OrtTensorRunner runner = open(TensorGraphs.identity(temp, ElementType.FLOAT))) {
            Tensor out = run(runner, new Tensor("x", Datatype.FP32, List.of(0L, 3L), MemorySegment.ofArray(new byte[0])));

            assertThat(out.shape()).containsExactly(0L, 3L);
        }
    }

    @Test
    void onlyTheRequestedOutputsAreGivenInTheirOrder() throws Exception {
        Tensor a = floats("a", 1, 2, Float.NaN);
        Tensor b = floats("b", 4, Float.POSITIVE_INFINITY, 6);
        try (OrtTensorRunner runner = open(TensorGraphs.arithmetic(temp))) {
            List<Tensor> outputs = runner.run(List.of(b, a), List.of("product", "sum"), MAX, new RunControl());

            assertThat(outputs).extracting(Tensor::name).containsExactly("product", "sum");
            assertThat(outputs.get(0).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)).containsExactly(4, Float.POSITIVE_INFINITY, Float.NaN);
            assertThat(runner.run(List.of(a, b), List.of("sum"), MAX, new RunControl())).hasSize(1);
        }
    }

    @Test
    void outputsPastTheBoundAreRefusedAndTheNextRunIsFine() throws Exception {
        try (OrtTensorRunner runner = open(TensorGraphs.zeros(temp))) {
            assertThatThrownBy(() -> runner.run(List.of(longs("shape", 1000, 1000)), List.of("y"), MAX, new RunControl()))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("'y' has 1000000 elements of INT64, room is left for 1048576 bytes");
            assertThat(runner.run(List.of(longs("shape", 2, 3)), List.of("y"), MAX, new RunControl()).getFirst().shape()).containsExactly(2L, 3L);
        }
    }

    @Test
    void aRunCanBeStopped() throws Exception {
        try (OrtTensorRunner runner = open(TensorGraphs.loop(temp))) {
            RunControl control = new RunControl();
            Thread stopper = Thread.ofVirtual().start(control::stop);
            Tensor times = new Tensor("times", Datatype.INT64, List.of(), longs("times", Long.MAX_VALUE).data());
            Tensor x = new Tensor("x", Datatype.FP32, List.of(), MemorySegment.ofArray(new byte[4]));

            assertThatThrownBy(() -> runner.run(List.of(times, x), List.of("y"), MAX, control)).isInstanceOf(ModelException.class);
            stopper.join();
            Tensor twice = new Tensor("times", Datatype.INT64, List.of(), longs("times", 2).data());
            assertThat(runner.run(List.of(twice, x), List.of("y"), MAX, new RunControl()).getFirst().data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
                    .containsExactly(2);
        }
    }

    @Test
    void saysWhichOperatorIsMissing() throws IOException {
        Path unknown = TensorGraphs.one(temp, OrtTensorRunnerTest.class.getPackageName(), "Frobnicate", ElementType.FLOAT);
        assertThatThrownBy(() -> open(unknown)).isInstanceOf(ModelException.class).hasMessageContaining("Frobnicate");
    }

    @Test
    void saysWhichOperatorHasNoKernelForItsType() throws IOException {
        Path unsupported = TensorGraphs.one(temp, "", "Erf", ElementType.BFLOAT16);
        assertThatThrownBy(() -> open(unsupported)).isInstanceOf(ModelException.class).hasMessageContaining("no operator Erf");
    }

    @Test
    void saysWhichInputHasATypeTheProtocolLacks() throws IOException {
        Path complex = TensorGraphs.one(temp, "", "Identity", ElementType.COMPLEX64);
        assertThatThrownBy(() -> open(complex)).isInstanceOf(ModelException.class).hasMessageContaining("COMPLEX64");
    }

    @Test
    void aFileCutShortIsRefused() throws IOException {
        Path graph = TensorGraphs.arithmetic(temp);
        byte[] whole = Files.readAllBytes(graph);
        Files.write(graph, java.util.Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> open(graph)).isInstanceOf(ModelException.class).hasMessageContaining("is cut short");
    }

    private OrtTensorRunner open(Path graph) throws ModelException {
        return OrtTensorRunner.open(OrtRuntime.load(Models.natives()), graph, "onnx", 1);
    }

    private static Tensor run(OrtTensorRunner runner, Tensor input) throws ModelException {
        return runner.run(List.of(input), List.of("y"), MAX, new RunControl()).getFirst();
    }

    private static Tensor floats(String name, float... values) {
        MemorySegment data = MemorySegment.ofArray(new byte[values.length * 4]);
        for (int i = 0; i < values.length; i++) {
            data.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, values[i]);
        }
        return new Tensor(name, Datatype.FP32, List.of(1L, (long) values.length), data);
    }

    private static Tensor longs(String name, long... values) {
        MemorySegment data = MemorySegment.ofArray(new byte[values.length * 8]);
        for (int i = 0; i < values.length; i++) {
            data.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, values[i]);
        }
        return new Tensor(name, Datatype.INT64, List.of((long) values.length), data);
    }
}
