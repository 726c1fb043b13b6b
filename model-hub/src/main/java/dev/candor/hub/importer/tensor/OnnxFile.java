package dev.candor.hub.importer.tensor;

import dev.candor.hub.onnx.OnnxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the graph in what a person points at. */
public final class OnnxFile {
    private static final String SUFFIX = ".onnx";
    private static final String USUAL = "model.onnx";
    /** Where exporters put it. */
    private static final String SUBFOLDER = "onnx";

    private OnnxFile() {}

    /**
     * The ONNX file itself, or the one in a folder: {@code model.onnx}, {@code onnx/model.onnx}, or the only one there.
     *
     * @throws OnnxException if there is none, or several without one of these names
     */
    public static Path find(Path fileOrFolder) throws IOException {
        if (Files.isRegularFile(fileOrFolder)) {
            return fileOrFolder;
        }
        if (!Files.isDirectory(fileOrFolder)) {
            throw new OnnxException("there is no file or folder " + fileOrFolder);
        }
        for (Path folder : List.of(fileOrFolder, fileOrFolder.resolve(SUBFOLDER))) {
            if (Files.isRegularFile(folder.resolve(USUAL))) {
                return folder.resolve(USUAL);
            }
        }
        try (Stream<Path> files = Files.list(fileOrFolder)) {
            List<Path> graphs = files.filter(file -> file.getFileName().toString().endsWith(SUFFIX) && Files.isRegularFile(file)).sorted().toList();
            if (graphs.size() == 1) {
                return graphs.getFirst();
            }
            throw new OnnxException(graphs.isEmpty()
                    ? "the folder " + fileOrFolder + " has no .onnx file"
                    : "the folder " + fileOrFolder + " has " + graphs.size() + " .onnx files: name the one to serve");
        }
    }
}
