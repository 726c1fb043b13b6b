package dev.candor.inference.engine.ort.ffm;

/**
 * Where memory lies.
 *
 * @param name   ONNX Runtime's name of the allocator
 * @param device number of the device
 */
public record MemoryPlace(String name, int device) {
    /** The host's memory. */
    public static final MemoryPlace HOST = new MemoryPlace("Cpu", 0);

    /** A CUDA device's memory. */
    public static MemoryPlace cuda(int device) {
        return new MemoryPlace("Cuda", device);
    }
}
