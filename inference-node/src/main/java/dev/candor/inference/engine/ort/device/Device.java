package dev.candor.inference.engine.ort.device;

import dev.candor.inference.engine.ort.ffm.MemoryPlace;
import dev.candor.inference.engine.ort.ffm.MemorySpan;
import dev.candor.inference.engine.ort.ffm.OrtCallException;
import dev.candor.inference.engine.ort.ffm.SessionSettings;
import java.lang.foreign.MemorySegment;

/**
 * What runs a graph, and its memory. Copies and runs are done in the order in which they are asked for; {@link #finish()} waits for
 * them. Not thread-safe. Methods throw {@link DeviceException} where the device fails, after which it is of no more use.
 */
public interface Device extends AutoCloseable {
    /** {@code cpu} or {@code cuda}, as receipts have it. */
    String provider();

    /** What decides the last bits of a result: the device's model, and versions where they matter. Without {@code /}. */
    String description();

    /** Whether a sequence's bits are known not to depend on its company, nor on how its prompt is cut. */
    boolean repeatable();

    MemoryPlace place();

    /**
     * Makes sessions run on this device.
     *
     * @param graphs whether a run of the same shape is recorded once and then repeated as a whole, where the device can
     * @throws OrtCallException if its execution provider cannot be started
     */
    void configure(SessionSettings settings, boolean graphs) throws OrtCallException;

    /** Bytes that can still be taken; {@link Long#MAX_VALUE} where that is not known. */
    long freeBytes();

    /** Zeroed host memory that the device copies from and to fast, freed when the device is closed. */
    MemorySegment hostBuffer(long bytes);

    void clear(MemorySpan memory);

    /**
     * Copies rows of {@code width} bytes, between any two of host and device.
     *
     * @param to       begins at the first row
     * @param toPitch  bytes from one row's begin to the next
     * @param from     begins at the first row
     */
    void copy(MemorySpan to, long toPitch, MemorySpan from, long fromPitch, long width, long rows);

    /** Waits until everything asked for is done. */
    void finish();

    @Override
    void close();
}
