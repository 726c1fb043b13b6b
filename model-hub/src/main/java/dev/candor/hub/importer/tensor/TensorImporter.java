package dev.candor.hub.importer.tensor;

import dev.candor.hub.manifest.ManifestFile;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.ManifestWriter;
import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.ServingConfigJson;
import dev.candor.hub.manifest.TensorConfig;
import dev.candor.hub.onnx.ExternalFiles;
import dev.candor.hub.onnx.OnnxException;
import dev.candor.hub.onnx.OnnxModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Takes any ONNX graph into a folder that can be served on bare tensors: the graph and its weights as they are, configuration and manifest. */
public final class TensorImporter {
    private static final String GRAPH = "model.onnx";
    private static final int BUFFER = 1 << 20;

    private final ServingConfigJson configs = new ServingConfigJson();
    private final ManifestWriter manifests = new ManifestWriter();

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
        List<ManifestFile> files = new ArrayList<>();
        long done = copy(source.graph(), folder.resolve(GRAPH), 0, progress);
        files.add(listed(folder, GRAPH));
        for (String file : source.weights()) {
            Path target = folder.resolve(file);
            Files.createDirectories(target.getParent());
            done = copy(source.graph().resolveSibling(file), target, done, progress);
            files.add(listed(folder, file));
        }
        write(folder.resolve(ServingConfigJson.FILE_NAME), configs.write(new TensorConfig(GRAPH, source.form())));
        files.add(listed(folder, ServingConfigJson.FILE_NAME));
        ModelManifest manifest = ModelManifest.of(name.toString(), source.form(), licence, files);
        write(folder.resolve(ModelManifest.FILE_NAME), manifests.write(manifest));
        return manifest;
    }

    private static ManifestFile listed(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        return new ManifestFile(name, Files.size(file), ManifestVerifier.hash(file, bytes -> {}));
    }

    private static long copy(Path from, Path to, long before, LongConsumer progress) throws IOException {
        long done = before;
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(from); OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
            for (int length; (length = in.read(buffer)) >= 0; ) {
                out.write(buffer, 0, length);
                done += length;
                progress.accept(done);
            }
        }
        force(to);
        return done;
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
        force(file);
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
