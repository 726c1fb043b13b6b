package dev.candor.inference.engine.ort.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * NVIDIA's driver and runtime as native functions, with one GPU whose memory is the host's: it shows that calls have the arguments and
 * the meaning that NVIDIA documents, on machines without a GPU. Its methods are the functions, by their names.
 */
final class FakeCuda implements AutoCloseable {
    static final MemorySegment STREAM = MemorySegment.ofAddress(0x5711);
    static final long FREE = 9L << 30;

    private static final int OK = 0;
    private static final int INVALID_VALUE = 1;
    private static final int NO_DEVICE = 100;

    private final Arena arena = Arena.ofShared();
    private final Map<String, MemorySegment> functions = new HashMap<>();
    private final MemorySegment words = arena.allocateFrom("invalid argument");
    private final List<Long> hostBuffers = new ArrayList<>();
    private int devices = 1;
    private int current = -1;
    private int streams;

    FakeCuda() {
        for (Method method : FakeCuda.class.getDeclaredMethods()) {
            if (method.getName().startsWith("cu")) {
                functions.put(method.getName(), stub(method));
            }
        }
    }

    private MemorySegment stub(Method method) {
        try {
            MethodHandle handle = MethodHandles.lookup().unreflect(method).bindTo(this);
            ValueLayout[] arguments =
                    Arrays.stream(method.getParameters()).map(Parameter::getType).map(FakeCuda::layout).toArray(ValueLayout[]::new);
            return Linker.nativeLinker().upcallStub(handle, FunctionDescriptor.of(layout(method.getReturnType()), arguments), arena);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static ValueLayout layout(Class<?> type) {
        return type == int.class ? ValueLayout.JAVA_INT : type == long.class ? ValueLayout.JAVA_LONG : ValueLayout.ADDRESS;
    }

    SymbolLookup library() {
        return name -> Optional.ofNullable(functions.get(name));
    }

    FakeCuda withDevices(int count) {
        devices = count;
        return this;
    }

    /** What was taken and not given back. */
    int open() {
        return streams + hostBuffers.size();
    }

    int cuInit(int flags) {
        return devices < 0 ? NO_DEVICE : OK;
    }

    int cuDriverGetVersion(MemorySegment version) {
        return put(version, 12_080);
    }

    int cuDeviceGetCount(MemorySegment count) {
        return put(count, devices);
    }

    int cuDeviceGetName(MemorySegment name, int length, int device) {
        byte[] text = "NVIDIA Test/GPU 80GB".getBytes(StandardCharsets.UTF_8);
        MemorySegment.copy(text, 0, name.reinterpret(length), ValueLayout.JAVA_BYTE, 0, text.length);
        return OK;
    }

    int cuDeviceGetAttribute(MemorySegment value, int attribute, int device) {
        return attribute == 75 ? put(value, 9) : attribute == 76 ? put(value, 0) : INVALID_VALUE;
    }

    int cuDeviceTotalMem_v2(MemorySegment bytes, int device) {
        bytes.reinterpret(Long.BYTES).set(ValueLayout.JAVA_LONG, 0, 80L << 30);
        return OK;
    }

    int cudaSetDevice(int device) {
        current = device;
        return device < devices ? OK : INVALID_VALUE;
    }

    int cudaRuntimeGetVersion(MemorySegment version) {
        return put(version, 12_060);
    }

    int cudaMemGetInfo(MemorySegment free, MemorySegment total) {
        free.reinterpret(Long.BYTES).set(ValueLayout.JAVA_LONG, 0, FREE);
        total.reinterpret(Long.BYTES).set(ValueLayout.JAVA_LONG, 0, 80L << 30);
        return current < 0 ? INVALID_VALUE : OK;
    }

    int cudaStreamCreateWithFlags(MemorySegment stream, int flags) {
        stream.reinterpret(ValueLayout.ADDRESS.byteSize()).set(ValueLayout.ADDRESS, 0, STREAM);
        streams++;
        return flags == 1 ? OK : INVALID_VALUE;
    }

    int cudaStreamDestroy(MemorySegment stream) {
        streams--;
        return known(stream);
    }

    int cudaStreamSynchronize(MemorySegment stream) {
        return known(stream);
    }

    int cudaMemcpy2DAsync(
            MemorySegment to, long toPitch, MemorySegment from, long fromPitch, long width, long rows, int kind, MemorySegment stream) {
        if (width > toPitch || width > fromPitch || kind != 4) {
            return INVALID_VALUE;
        }
        for (long row = 0; row < rows; row++) {
            MemorySegment.copy(from.reinterpret(rows * fromPitch), row * fromPitch, to.reinterpret(rows * toPitch), row * toPitch, width);
        }
        return known(stream);
    }

    int cudaMemsetAsync(MemorySegment memory, int value, long bytes, MemorySegment stream) {
        memory.reinterpret(bytes).fill((byte) value);
        return known(stream);
    }

    int cudaHostAlloc(MemorySegment pointer, long bytes, int flags) {
        MemorySegment buffer = arena.allocate(bytes, 64);
        hostBuffers.add(buffer.address());
        pointer.reinterpret(ValueLayout.ADDRESS.byteSize()).set(ValueLayout.ADDRESS, 0, buffer);
        return flags == 0 ? OK : INVALID_VALUE;
    }

    int cudaFreeHost(MemorySegment pointer) {
        return hostBuffers.remove(pointer.address()) ? OK : INVALID_VALUE;
    }

    MemorySegment cudaGetErrorString(int code) {
        return words;
    }

    private static int known(MemorySegment stream) {
        return stream.equals(STREAM) ? OK : INVALID_VALUE;
    }

    private static int put(MemorySegment at, int value) {
        at.reinterpret(Integer.BYTES).set(ValueLayout.JAVA_INT, 0, value);
        return OK;
    }

    @Override
    public void close() {
        arena.close();
    }
}
