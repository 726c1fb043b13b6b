package dev.candor.inference.engine.ort;

import dev.candor.hub.onnx.ExternalFiles;
import dev.candor.hub.onnx.OnnxModel;
import dev.candor.inference.engine.ModelException;
import java.io.IOException;
import java.nio.file.Path;

/** A graph's files, looked at before ONNX Runtime opens them: it says of damaged ones only that they cannot be parsed. */
final class GraphFiles {
    private GraphFiles() {}

    /** @throws ModelException naming the file that is missing, cut short or damaged */
    static void requireWhole(Path graph) throws ModelException {
        try {
            ExternalFiles.check(OnnxModel.read(graph), graph.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new ModelException("cannot load the model " + graph.getFileName() + ": " + e.getMessage(), e);
        }
    }
}
