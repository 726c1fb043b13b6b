package dev.candor.inference.engine.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Large zeroed memory outside the heap, whose pages the system provides when they are first touched. An {@link Arena} zeroes what it
 * allocates at once, which for a KV cache means gigabytes at start.
 */
public final class NativeMemory implements AutoCloseable {
    private static final long ALIGNMENT = 4096;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_NOHUGEPAGE = 15;

    private final Arena arena = Arena.ofShared();
    private final MethodHandle calloc;
    private final MethodHandle free;
    private final Optional<MethodHandle> madvise;
    private final long pageSize;

    public NativeMemory() {
        Linker linker = Linker.nativeLinker();
        var lookup = linker.defaultLookup();
        calloc = linker.downcallHandle(
                lookup.findOrThrow("calloc"),
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
        free = linker.downcallHandle(lookup.findOrThrow("free"), FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
        madvise = System.getProperty("os.name").equals("Linux")
                ? lookup.find("madvise")
                        .map(address -> linker.downcallHandle(
                                address,
                                FunctionDescriptor.of(
                                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT)))
                : Optional.empty();
        pageSize = lookup.find("getpagesize")
                .map(address -> pageSize(linker.downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_INT))))
                .orElse(ALIGNMENT);
    }

    private static long pageSize(MethodHandle getpagesize) {
        try {
            return (int) getpagesize.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("getpagesize cannot be called", e);
        }
    }

    /** Zeroed bytes, aligned to a page, freed by {@link #close()}. @throws OutOfMemoryError if there are not as many */
    public MemorySegment allocate(long bytes) {
        try {
            MemorySegment block = (MemorySegment) calloc.invokeExact(1L, bytes + ALIGNMENT);
            if (block.address() == 0) {
                throw new OutOfMemoryError("no memory for " + bytes + " bytes outside the heap");
            }
            MemorySegment owned = block.reinterpret(bytes + ALIGNMENT, arena, this::release);
            MemorySegment aligned = owned.asSlice(-owned.address() & (ALIGNMENT - 1), bytes);
            keepPagesSmall(aligned);
            return aligned;
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("calloc cannot be called", e);
        }
    }

    /** Gives the whole pages of a part of what was allocated back to the system, where it can take them: they are zero when next touched. */
    public void giveBack(MemorySegment part) {
        long page = pageSize;
        long from = part.address() + page - 1 & -page;
        long to = part.address() + part.byteSize() & -page;
        if (madvise.isEmpty() || from >= to) {
            return;
        }
        try {
            int ignored = (int) madvise.get().invokeExact(part.asSlice(from - part.address(), to - from), to - from, MADV_DONTNEED);
        } catch (Throwable e) {
            throw new IllegalStateException("madvise cannot be called", e);
        }
    }

    // A short sequence touches the start of many far apart rows: with huge pages each touch would commit and clear 2 MB.
    private void keepPagesSmall(MemorySegment memory) throws Throwable {
        if (madvise.isPresent()) {
            int ignored = (int) madvise.get().invokeExact(memory, memory.byteSize() & -ALIGNMENT, MADV_NOHUGEPAGE);
        }
    }

    private void release(MemorySegment block) {
        try {
            free.invokeExact(block);
        } catch (Throwable e) {
            throw new IllegalStateException("free cannot be called", e);
        }
    }

    /** Frees all; closing twice is harmless. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
