package dev.candor.inference.engine;

/**
 * What receipts say of the runtime.
 *
 * @param determinismClass ONNX Runtime version, instruction set, form and attention kind, joined by {@code /}
 */
public record EngineInfo(
        String onnxRuntimeVersion, String executionProvider, String precision, String determinismClass, int contextLength, int slots) {
    /** The same with another context length. */
    public EngineInfo withContextLength(int tokens) {
        return new EngineInfo(onnxRuntimeVersion, executionProvider, precision, determinismClass, tokens, slots);
    }
}
