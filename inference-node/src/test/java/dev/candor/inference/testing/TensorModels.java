package dev.candor.inference.testing;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.ort.OrtTensorRunner;
import dev.candor.inference.engine.tensor.QueuedTensorEngine;
import dev.candor.inference.engine.tensor.TensorOptions;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.http.TensorModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Graphs as models that can be served. */
public final class TensorModels {
    private TensorModels() {}

    /** @param graph an ONNX file */
    public static TensorModel open(String name, Path graph) {
        return open(name, graph, new TensorOptions(4, 1 << 20, Duration.ofMinutes(1), Duration.ofSeconds(10)));
    }

    public static TensorModel open(String name, Path graph, TensorOptions options) {
        try {
            OrtTensorRunner runner = OrtTensorRunner.open(OrtRuntime.load(Models.natives()), graph, "fp32", 1);
            return new TensorModel(new ModelBinding(name, Digest.sha256(name.getBytes(StandardCharsets.UTF_8))), Instant.EPOCH, QueuedTensorEngine.start(runner, options));
        } catch (ModelException e) {
            throw new IllegalStateException(e);
        }
    }
}
