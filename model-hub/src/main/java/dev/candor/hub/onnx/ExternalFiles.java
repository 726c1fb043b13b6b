package dev.candor.hub.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The files beside a model that hold weights of it, checked: they lie in its folder, and every tensor lies within its file. */
public final class ExternalFiles {
    private static final int MAX_FILES = 10_000;

    private final Path folder;
    private final Map<String, Long> sizes = new HashMap<>();

    private ExternalFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * The names, relative to {@code folder}, of the files that {@code model} needs beside its own.
     *
     * @throws OnnxException if one is outside the folder, missing, no plain file, or shorter than a tensor in it says
     */
    public static SortedSet<String> check(OnnxModel model, Path folder) throws IOException {
        ExternalFiles files = new ExternalFiles(folder);
        for (Initializer tensor : tensors(model)) {
            if (tensor.content() instanceof Initializer.External external) {
                files.check(tensor.name(), external.region());
            }
        }
        return new TreeSet<>(files.sizes.keySet());
    }

    private void check(String tensor, ExternalData.Region region) throws IOException {
        Long size = sizes.get(region.location());
        if (size == null) {
            if (sizes.size() == MAX_FILES) {
                throw new OnnxException("the model's weights are in more than " + MAX_FILES + " files");
            }
            size = size(tensor, region.location());
            sizes.put(region.location(), size);
        }
        if (region.length() > size || region.offset() > size - region.length()) {
            throw new OnnxException("tensor " + tensor + " lies at bytes " + region.offset() + " to " + (region.offset() + region.length())
                    + " of " + region.location() + ", which has " + size + ": the file is cut short or not the model's");
        }
    }

    private long size(String tensor, String location) throws IOException {
        Path file = folder.resolve(relative(tensor, location));
        for (Path at = file; !at.equals(folder); at = at.getParent()) {
            if (Files.isSymbolicLink(at)) {
                throw new OnnxException("tensor " + tensor + " lies in " + location + ", which is a symbolic link: give the folder with the file itself");
            }
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new OnnxException("tensor " + tensor + " lies in " + location + ", which is not beside the model");
        }
        return Files.size(file);
    }

    private static Path relative(String tensor, String location) throws OnnxException {
        try {
            Path path = Path.of(location);
            boolean inside = !location.isEmpty() && !location.contains("\\") && !path.isAbsolute() && path.normalize().equals(path)
                    && !path.startsWith("..") && !location.equals(".");
            if (inside) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw new OnnxException("tensor " + tensor + " lies in a file whose name is no path", e);
        }
        throw new OnnxException("tensor " + tensor + " lies in \"" + location + "\", which is not a plain path within the model's folder");
    }

    /** Every constant of the model, those within nodes and inner graphs included. */
    private static List<Initializer> tensors(OnnxModel model) {
        List<Initializer> all = new ArrayList<>();
        collect(model.graph(), all);
        model.functions().forEach(function -> function.nodes().forEach(node -> collect(node, all)));
        return all;
    }

    private static void collect(ModelGraph graph, List<Initializer> all) {
        all.addAll(graph.initializers());
        graph.nodes().forEach(node -> collect(node, all));
    }

    private static void collect(GraphNode node, List<Initializer> all) {
        for (Attribute attribute : node.attributes()) {
            switch (attribute) {
                case Attribute.TensorValue tensor -> all.add(tensor.value());
                case Attribute.Subgraph graph -> collect(graph.value(), all);
                default -> {}
            }
        }
    }
}
