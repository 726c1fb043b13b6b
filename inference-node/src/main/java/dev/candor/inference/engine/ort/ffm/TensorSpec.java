package dev.candor.inference.engine.ort.ffm;

/**
 * An input or output of a graph.
 *
 * @param shape   lengths of the axes; -1 where it may vary
 * @param onDevice for an input, whether its first reader wants it in the execution provider's own memory rather than in the host's
 */
public record TensorSpec(String name, ElementKind kind, long[] shape, boolean onDevice) {}
