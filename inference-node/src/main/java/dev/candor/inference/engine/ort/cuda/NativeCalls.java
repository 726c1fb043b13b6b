package dev.candor.inference.engine.ort.cuda;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;

/** Functions of a library that take pointers and numbers and return an error code, 0 for none. */
final class NativeCalls {
    private static final MethodType SPREAD = MethodType.methodType(int.class, Object[].class);

    private final SymbolLookup library;

    NativeCalls(SymbolLookup library) {
        this.library = library;
    }

    /** A function by its name. @throws java.util.NoSuchElementException if the library has none of that name */
    MethodHandle function(String name, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments))
                .asSpreader(Object[].class, arguments.length)
                .asType(SPREAD);
    }

    static int call(MethodHandle function, Object... arguments) {
        try {
            return (int) function.invokeExact(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a CUDA function cannot be called", e);
        }
    }
}
