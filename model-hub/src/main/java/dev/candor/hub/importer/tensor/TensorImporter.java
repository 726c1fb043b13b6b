package dev.candor.hub.importer.tensor;

import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.ServingConfigJson;
import dev.candor.hub.manifest.TensorConfig;
import dev.candor.hub.onnx.ExternalFiles;
import dev.candor.hub.onnx.OnnxException;
import dev.candor.hub.onnx.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/** Takes any ONNX graph into a folder that can be served on bare tensors: the graph and its weights as they are, configuration and manifest. */
public final class TensorImporter {
    /** The graph's file name in a folder that can be served. */
    public static final String GRAPH = "model.onnx";

    private final ServingConfigJson configs = new ServingConfigJson();

    /** The graph of {@code source}, read and checked with the files beside it, and what its precision is called. */
    public record Inspected(Path graph, OnnxModel model, List<String> weights, String form) {
        /** Bytes of all files. */
        public long bytes() throws IOException {
            long bytes = Files.size(graph);
            for (String file : weights) {
                bytes += Files.size(graph.resolveSibling(file));
            }
            return bytes;
        }
    }

    /**
     * Looks at a graph before it is taken.
     *
     * @param source an ONNX file, or a folder with one
     * @throws OnnxException saying why it cannot be read
     */
    public Inspected inspect(Path source) throws IOException {
        Path graph = OnnxFile.find(source).toAbsolutePath();
        OnnxModel model = OnnxModel.read(graph);
        List<String> weights = List.copyOf(ExternalFiles.check(model, graph.getParent()));
        for (String file : weights) {
            if (file.equals(GRAPH) || file.equals(ModelManifest.FILE_NAME) || file.equals(ServingConfigJson.FILE_NAME)) {
                throw new OnnxException("the model keeps weights in a file called " + file + ", a name that is taken: rename it in the export");
            }
        }
        return new Inspected(graph, model, weights, WeightForm.of(model.graph()));
    }

    /**
     * Copies into {@code folder}, which must exist and be empty; every file is on the device when this returns.
     *
     * @param progress gets the number of bytes copied so far
     */
    public ModelManifest importModel(Inspected source, ModelName name, String licence, Path folder, LongConsumer progress) throws IOException {
        FolderFiles files = new FolderFiles(folder);
        copy(source, files, progress);
        files.write(ServingConfigJson.FILE_NAME, configs.write(new TensorConfig(GRAPH, source.form())));
        return files.manifest(name, source.form(), licence);
    }

    /** Copies the graph, under the name {@link #GRAPH}, and the files with its weights. @param progress gets the number of bytes copied so far */
    public void copy(Inspected source, FolderFiles files, LongConsumer progress) throws IOException {
        files.copy(source.graph(), GRAPH, progress);
        long before = Files.size(source.graph());
        for (String file : source.weights()) {
            long done = before;
            files.copy(source.graph().resolveSibling(file), file, bytes -> progress.accept(done + bytes));
            before += Files.size(source.graph().resolveSibling(file));
        }
    }
}
