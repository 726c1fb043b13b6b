package dev.candor.inference.engine.ort.cuda;

/**
 * A GPU that the driver knows.
 *
 * @param number      in the driver's order
 * @param major       of its compute capability
 * @param minor       of its compute capability
 * @param memoryBytes all of its memory
 * @param driver      newest CUDA version that the driver speaks, for example {@code 12.8}
 */
public record CudaGpu(int number, String name, int major, int minor, long memoryBytes, String driver) {}
