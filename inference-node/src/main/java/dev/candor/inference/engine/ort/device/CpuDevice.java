package dev.candor.inference.engine.ort.device;

import dev.candor.inference.engine.memory.NativeMemory;
import dev.candor.inference.engine.ort.InstructionSet;
import dev.candor.inference.engine.ort.ffm.MemoryPlace;
import dev.candor.inference.engine.ort.ffm.MemorySpan;
import dev.candor.inference.engine.ort.ffm.SessionSettings;
import java.lang.foreign.MemorySegment;

/** The host itself: everything is done at once, and its graphs are never recorded. */
public final class CpuDevice implements Device {
    private final NativeMemory memory = new NativeMemory();

    @Override
    public String provider() {
        return "cpu";
    }

    @Override
    public String description() {
        return InstructionSet.detect();
    }

    @Override
    public boolean repeatable() {
        return true;
    }

    @Override
    public MemoryPlace place() {
        return MemoryPlace.HOST;
    }

    @Override
    public void configure(SessionSettings settings, boolean graphs) {
        // ONNX Runtime adds its CPU provider to every session.
    }

    @Override
    public long freeBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public MemorySegment hostBuffer(long bytes) {
        return memory.allocate(bytes);
    }

    @Override
    public void clear(MemorySpan span) {
        span.host().fill((byte) 0);
    }

    @Override
    public void copy(MemorySpan to, long toPitch, MemorySpan from, long fromPitch, long width, long rows) {
        MemorySegment target = to.host();
        MemorySegment source = from.host();
        for (long row = 0; row < rows; row++) {
            MemorySegment.copy(source, row * fromPitch, target, row * toPitch, width);
        }
    }

    @Override
    public void finish() {
        // Copies are done when they return.
    }

    @Override
    public void close() {
        memory.close();
    }
}
