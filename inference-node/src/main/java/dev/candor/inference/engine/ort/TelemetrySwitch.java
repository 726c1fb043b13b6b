package dev.candor.inference.engine.ort;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Turns ONNX Runtime's telemetry off. Its library reads {@code ORT_DISABLE_TELEMETRY} with {@code getenv} when it is loaded; without
 * it, 1.29 writes files below the user's home, resolves a telemetry host, and crashes the process where the command line is longer than
 * about 3.9 kB.
 */
final class TelemetrySwitch {
    private static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

    private TelemetrySwitch() {}

    /** @throws IllegalStateException if the variable is not 1 and cannot be made so; then the library must not be loaded */
    static void off() {
        if ("1".equals(System.getenv(VARIABLE))) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(VARIABLE);
            MemorySegment value = arena.allocateFrom("1");
            int result = isWindows() ? putEnvironment(name, value) : setEnvironment(name, value);
            if (result != 0) {
                throw refusal(null);
            }
        } catch (IllegalStateException e) {
            throw e;
        } catch (Throwable e) {
            throw refusal(e);
        }
    }

    private static int setEnvironment(MemorySegment name, MemorySegment value) throws Throwable {
        Linker linker = Linker.nativeLinker();
        var setenv = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setenv"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        return (int) setenv.invokeExact(name, value, 1);
    }

    private static int putEnvironment(MemorySegment name, MemorySegment value) throws Throwable {
        Linker linker = Linker.nativeLinker();
        var putenv = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("_putenv_s"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        return (int) putenv.invokeExact(name, value);
    }

    private static boolean isWindows() {
        return System.getProperty("os.name").startsWith("Windows");
    }

    private static IllegalStateException refusal(Throwable cause) {
        return new IllegalStateException(
                "ONNX Runtime is not loaded, because its telemetry could not be switched off: set " + VARIABLE + "=1 in the environment",
                cause);
    }
}
