package dev.candor.attestation.receipt;

import dev.candor.attestation.digest.Digest;

/**
 * What ran the model.
 *
 * @param node              the node's version
 * @param build             SHA-256 over the node's program files
 * @param onnxRuntime       the ONNX Runtime version
 * @param executionProvider {@code cpu} or {@code cuda}
 * @param precision         the model's form, for example {@code q8}
 * @param determinismClass  outputs are comparable bit for bit only within one class
 */
public record RuntimeBinding(
        String node, Digest build, String onnxRuntime, String executionProvider, String precision, String determinismClass) {}
