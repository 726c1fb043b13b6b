package dev.candor.inference.engine.ort.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.ort.device.DeviceException;
import dev.candor.inference.engine.ort.ffm.MemoryPlace;
import dev.candor.inference.engine.ort.ffm.MemorySpan;
import dev.candor.inference.engine.ort.ffm.OrtCallException;
import dev.candor.inference.engine.ort.ffm.OrtLibrary;
import dev.candor.inference.engine.ort.ffm.SessionSettings;
import dev.candor.inference.engine.testing.Models;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The device over functions that do what CUDA's are documented to do, in the host's memory. */
class CudaDeviceTest {
    private final FakeCuda cuda = new FakeCuda();
    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void close() {
        arena.close();
        cuda.close();
    }

    @Test
    void describesWhatDecidesTheBits() {
        try (CudaDevice device = open(0)) {
            assertThat(device.description()).isEqualTo("NVIDIA-Test-GPU-80GB+sm90+cuda-12.6+driver-12.8").doesNotContain("/");
            assertThat(device.repeatable()).isFalse();
            assertThat(device.place()).isEqualTo(MemoryPlace.cuda(0));
            assertThat(device.freeBytes()).isBetween(FakeCuda.FREE / 2, FakeCuda.FREE - 1);
        }
    }

    @Test
    void copiesRowsBetweenPitchesAndClears() {
        MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_BYTE, new byte[] {1, 2, 3, 4, 5, 6});
        MemorySegment to = arena.allocate(10);
        try (CudaDevice device = open(0)) {
            device.copy(onDevice(to), 5, MemorySpan.of(from), 3, 2, 2);
            device.finish();
            assertThat(to.toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 0, 0, 0, 4, 5, 0, 0, 0);
            device.clear(onDevice(to).slice(1, 5));
            device.finish();
            assertThat(to.toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 0, 0, 0, 0, 0, 5, 0, 0, 0);
        }
    }

    @Test
    void givesAllBackWhenClosed() {
        CudaDevice device = open(0);
        assertThat(device.hostBuffer(100).byteSize()).isEqualTo(100);
        device.hostBuffer(8).set(ValueLayout.JAVA_LONG, 0, 5);
        assertThat(cuda.open()).isEqualTo(3);
        device.close();
        device.close();
        assertThat(cuda.open()).isZero();
    }

    @Test
    void aFailureNamesTheFunctionAndItsReason() {
        assertThatThrownBy(() -> open(1)).isInstanceOf(DeviceException.class).hasMessageContaining("cudaSetDevice").hasMessageContaining("invalid argument");
        try (CudaDevice device = open(0)) {
            MemorySpan span = onDevice(arena.allocate(8));
            assertThatThrownBy(() -> device.copy(span, 1, span, 1, 2, 1)).isInstanceOf(DeviceException.class).hasMessageContaining("cudaMemcpy2DAsync");
        }
    }

    @Test
    void withoutTheProviderASessionIsRefused() throws Exception {
        try (CudaDevice device = open(0);
                OrtLibrary library = OrtLibrary.open(OrtRuntime.load(Models.natives()).library());
                SessionSettings settings = library.settings()) {
            Assumptions.assumeFalse(library.providers().contains("CUDAExecutionProvider"), "this build has CUDA");
            assertThatThrownBy(() -> device.configure(settings, true)).isInstanceOf(OrtCallException.class);
        }
    }

    private CudaDevice open(int number) {
        return new CudaDevice(new CudaRuntime(cuda.library()), new CudaGpu(number, "NVIDIA Test/GPU 80GB", 9, 0, 80L << 30, "12.8"));
    }

    private static MemorySpan onDevice(MemorySegment memory) {
        return new MemorySpan(MemoryPlace.cuda(0), memory.address(), memory.byteSize());
    }
}
