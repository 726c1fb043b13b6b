package dev.candor.inference.engine.ort.cuda;

import dev.candor.inference.engine.ort.device.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/** NVIDIA's driver, {@code libcuda}: which devices there are. */
final class CudaDriver {
    private static final int NAME_LENGTH = 256;
    private static final int MAJOR = 75;
    private static final int MINOR = 76;
    private static final int THOUSAND = 1000;
    private static final int TEN = 10;
    private static final int MAX_DEVICES = 64;

    private final MethodHandle init;
    private final MethodHandle version;
    private final MethodHandle count;
    private final MethodHandle name;
    private final MethodHandle attribute;
    private final MethodHandle memory;

    /** @throws java.util.NoSuchElementException if the library is no CUDA driver */
    CudaDriver(SymbolLookup library) {
        NativeCalls calls = new NativeCalls(library);
        init = calls.function("cuInit", ValueLayout.JAVA_INT);
        version = calls.function("cuDriverGetVersion", ValueLayout.ADDRESS);
        count = calls.function("cuDeviceGetCount", ValueLayout.ADDRESS);
        name = calls.function("cuDeviceGetName", ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        attribute = calls.function("cuDeviceGetAttribute", ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        memory = calls.function("cuDeviceTotalMem_v2", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    }

    /** The devices in the driver's order. @throws DeviceException with the driver's error code */
    List<CudaGpu> devices() {
        check("cuInit", NativeCalls.call(init, 0));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
            check("cuDriverGetVersion", NativeCalls.call(version, number));
            int driver = number.get(ValueLayout.JAVA_INT, 0);
            check("cuDeviceGetCount", NativeCalls.call(count, number));
            int devices = Math.clamp(number.get(ValueLayout.JAVA_INT, 0), 0, MAX_DEVICES);
            List<CudaGpu> found = new ArrayList<>();
            for (int device = 0; device < devices; device++) {
                found.add(describe(arena, device, driver / THOUSAND + "." + driver % THOUSAND / TEN));
            }
            return List.copyOf(found);
        }
    }

    private CudaGpu describe(Arena arena, int device, String driver) {
        MemorySegment text = arena.allocate(NAME_LENGTH);
        check("cuDeviceGetName", NativeCalls.call(name, text, NAME_LENGTH, device));
        text.set(ValueLayout.JAVA_BYTE, NAME_LENGTH - 1, (byte) 0);
        MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
        check("cuDeviceTotalMem_v2", NativeCalls.call(memory, bytes, device));
        return new CudaGpu(
                device, text.getString(0), attribute(arena, device, MAJOR), attribute(arena, device, MINOR), bytes.get(ValueLayout.JAVA_LONG, 0),
                driver);
    }

    private int attribute(Arena arena, int device, int which) {
        MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
        check("cuDeviceGetAttribute", NativeCalls.call(attribute, value, which, device));
        return value.get(ValueLayout.JAVA_INT, 0);
    }

    private static void check(String function, int code) {
        if (code != 0) {
            throw new DeviceException("the NVIDIA driver's " + function + " gives error " + code);
        }
    }
}
