package dev.candor.inference.engine.ort.cuda;

import dev.candor.inference.engine.ort.device.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The few functions of {@code libcudart} that a cache on the device needs. CUDA keeps the current device for each thread: {@link #use} is
 * called by whatever thread is about to work. @see <a href="https://docs.nvidia.com/cuda/cuda-runtime-api/">CUDA Runtime API</a>
 */
final class CudaRuntime {
    private static final int NON_BLOCKING = 1;
    /** Which way to copy is found out from the addresses. */
    private static final int COPY_DEFAULT = 4;

    private final MethodHandle setDevice;
    private final MethodHandle runtimeVersion;
    private final MethodHandle memoryInfo;
    private final MethodHandle createStream;
    private final MethodHandle destroyStream;
    private final MethodHandle synchronize;
    private final MethodHandle copy;
    private final MethodHandle set;
    private final MethodHandle hostAllocate;
    private final MethodHandle hostFree;
    private final MethodHandle errorName;

    /** @throws java.util.NoSuchElementException if the library is no CUDA runtime */
    CudaRuntime(SymbolLookup library) {
        var pointer = ValueLayout.ADDRESS;
        var size = ValueLayout.JAVA_LONG;
        var number = ValueLayout.JAVA_INT;
        NativeCalls calls = new NativeCalls(library);
        setDevice = calls.function("cudaSetDevice", number);
        runtimeVersion = calls.function("cudaRuntimeGetVersion", pointer);
        memoryInfo = calls.function("cudaMemGetInfo", pointer, pointer);
        createStream = calls.function("cudaStreamCreateWithFlags", pointer, number);
        destroyStream = calls.function("cudaStreamDestroy", pointer);
        synchronize = calls.function("cudaStreamSynchronize", pointer);
        copy = calls.function("cudaMemcpy2DAsync", pointer, size, pointer, size, size, size, number, pointer);
        set = calls.function("cudaMemsetAsync", pointer, number, size, pointer);
        hostAllocate = calls.function("cudaHostAlloc", pointer, size, number);
        hostFree = calls.function("cudaFreeHost", pointer);
        errorName = Linker.nativeLinker()
                .downcallHandle(library.findOrThrow("cudaGetErrorString"), FunctionDescriptor.of(pointer, number));
    }

    void use(int device) {
        check("cudaSetDevice", NativeCalls.call(setDevice, device));
    }

    /** For example 12080 for 12.8. */
    int version() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
            check("cudaRuntimeGetVersion", NativeCalls.call(runtimeVersion, out));
            return out.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /** Bytes free on the current device. */
    long freeBytes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment free = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment total = arena.allocate(ValueLayout.JAVA_LONG);
            check("cudaMemGetInfo", NativeCalls.call(memoryInfo, free, total));
            return free.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** A stream that does not wait for the default one. */
    MemorySegment createStream() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            check("cudaStreamCreateWithFlags", NativeCalls.call(createStream, out, NON_BLOCKING));
            return out.get(ValueLayout.ADDRESS, 0);
        }
    }

    void destroyStream(MemorySegment stream) {
        check("cudaStreamDestroy", NativeCalls.call(destroyStream, stream));
    }

    void synchronize(MemorySegment stream) {
        check("cudaStreamSynchronize", NativeCalls.call(synchronize, stream));
    }

    void copy(MemorySegment to, long toPitch, MemorySegment from, long fromPitch, long width, long rows, MemorySegment stream) {
        check("cudaMemcpy2DAsync", NativeCalls.call(copy, to, toPitch, from, fromPitch, width, rows, COPY_DEFAULT, stream));
    }

    void clear(MemorySegment memory, long bytes, MemorySegment stream) {
        check("cudaMemsetAsync", NativeCalls.call(set, memory, 0, bytes, stream));
    }

    /** Host memory that stays in place, so that the device copies it without the processor's help. */
    MemorySegment allocateHost(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            check("cudaHostAlloc", NativeCalls.call(hostAllocate, out, bytes, 0));
            return out.get(ValueLayout.ADDRESS, 0).reinterpret(bytes);
        }
    }

    void freeHost(MemorySegment memory) {
        check("cudaFreeHost", NativeCalls.call(hostFree, memory));
    }

    private void check(String function, int code) {
        if (code != 0) {
            throw new DeviceException("CUDA's " + function + " gives error " + code + ", " + words(code));
        }
    }

    private String words(int code) {
        try {
            MemorySegment text = (MemorySegment) errorName.invokeExact(code);
            return text.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a CUDA function cannot be called", e);
        }
    }
}
