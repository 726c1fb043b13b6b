package dev.candor.inference.engine.ort.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * Calls through the table of ONNX Runtime's C interface. Arguments are {@link MemorySegment} for pointers, {@link Long} for sizes,
 * {@link Integer} for numbers, and {@link String} for C strings that need to live for the call only. Thread-safe.
 */
final class OrtApi {
    private static final MethodType SPREAD = MethodType.methodType(Object.class, Object[].class);
    private static final FunctionDescriptor BASE = FunctionDescriptor.of(ValueLayout.ADDRESS);
    private static final FunctionDescriptor GET_API = FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT);

    private final Map<ApiFunction, MethodHandle> functions;
    private final String version;

    private OrtApi(Map<ApiFunction, MethodHandle> functions, String version) {
        this.functions = functions;
        this.version = version;
    }

    /**
     * @param library the loaded {@code libonnxruntime}, which must stay loaded
     * @throws IllegalStateException if it is not ONNX Runtime, or older than 1.{@value ApiFunction#API_VERSION}
     */
    static OrtApi of(SymbolLookup library) {
        Linker linker = Linker.nativeLinker();
        MemorySegment getBase = library.find("OrtGetApiBase")
                .orElseThrow(() -> new IllegalStateException("the library has no OrtGetApiBase: it is not ONNX Runtime"));
        try {
            MemorySegment base = table((MemorySegment) linker.downcallHandle(getBase, BASE).invokeExact(), 2);
            MethodHandle getApi = linker.downcallHandle(base.getAtIndex(ValueLayout.ADDRESS, 0), GET_API);
            MethodHandle getVersion = linker.downcallHandle(base.getAtIndex(ValueLayout.ADDRESS, 1), BASE);
            String version = text((MemorySegment) getVersion.invokeExact());
            MemorySegment api = (MemorySegment) getApi.invokeExact(ApiFunction.API_VERSION);
            if (api.address() == 0) {
                throw new IllegalStateException(
                        "ONNX Runtime " + version + " is too old: 1." + ApiFunction.API_VERSION + " or later is needed");
            }
            return new OrtApi(link(linker, api), version);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("ONNX Runtime's interface cannot be called", e);
        }
    }

    private static Map<ApiFunction, MethodHandle> link(Linker linker, MemorySegment api) {
        Map<ApiFunction, MethodHandle> functions = new EnumMap<>(ApiFunction.class);
        for (ApiFunction function : ApiFunction.values()) {
            MemorySegment address = table(api, function.slot() + 1).getAtIndex(ValueLayout.ADDRESS, function.slot());
            FunctionDescriptor descriptor = function.descriptor();
            functions.put(
                    function,
                    linker.downcallHandle(address, descriptor)
                            .asSpreader(Object[].class, descriptor.argumentLayouts().size())
                            .asType(SPREAD));
        }
        return functions;
    }

    private static MemorySegment table(MemorySegment address, int entries) {
        return address.reinterpret(entries * ValueLayout.ADDRESS.byteSize());
    }

    /** For example {@code 1.29.0}. */
    String version() {
        return version;
    }

    /** Calls a function that reports a status. @throws OrtCallException with ONNX Runtime's own words if it is not good */
    void call(ApiFunction function, Object... arguments) throws OrtCallException {
        try (Arena arena = Arena.ofConfined()) {
            check(invoke(function, arena, arguments));
        }
    }

    /** Calls a function whose last parameter takes an address to write a pointer to, and gives that pointer. */
    MemorySegment create(ApiFunction function, Object... arguments) throws OrtCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
            all[arguments.length] = out;
            check(invoke(function, arena, all));
            return out.get(ValueLayout.ADDRESS, 0);
        }
    }

    /** Calls a function whose last parameter takes an address to write a number to, of 4 or of 8 bytes, and gives that number. */
    long query(ApiFunction function, Object... arguments) throws OrtCallException {
        return create(function, arguments).address();
    }

    /** Calls a function that gives nothing and cannot fail. */
    void run(ApiFunction function, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            invoke(function, arena, arguments);
        }
    }

    private void check(Object result) throws OrtCallException {
        MemorySegment status = (MemorySegment) result;
        if (status.address() == 0) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            int code = (int) invoke(ApiFunction.GET_ERROR_CODE, arena, status);
            String message = text((MemorySegment) invoke(ApiFunction.GET_ERROR_MESSAGE, arena, status));
            invoke(ApiFunction.RELEASE_STATUS, arena, status);
            throw new OrtCallException(code, message);
        }
    }

    private Object invoke(ApiFunction function, Arena arena, Object... arguments) {
        Object[] converted = arguments.clone();
        for (int i = 0; i < converted.length; i++) {
            if (converted[i] instanceof String text) {
                converted[i] = arena.allocateFrom(text);
            }
        }
        try {
            return functions.get(function).invokeExact(converted);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("ONNX Runtime's " + function + " cannot be called", e);
        }
    }

    /** The C string at an address. */
    static String text(MemorySegment address) {
        return address.reinterpret(Long.MAX_VALUE).getString(0);
    }
}
