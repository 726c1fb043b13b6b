package dev.candor.hub.importer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.hub.importer.source.EncodedTensor;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.importer.source.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The weights of a Hugging Face folder, {@code model.safetensors} or the shards that {@code model.safetensors.index.json} names, mapped into memory. */
public final class SafetensorsWeights implements AutoCloseable {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    private static final int MAX_SHARDS = 1024;
    private static final int MAX_INDEX = 32 << 20;

    private final List<SafetensorsFile> files;
    private final Map<String, EncodedTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> unread = new LinkedHashMap<>();

    private SafetensorsWeights(List<SafetensorsFile> files) throws ImportException {
        this.files = files;
        for (SafetensorsFile file : files) {
            for (EncodedTensor tensor : file.tensors().values()) {
                if (tensors.put(tensor.name(), tensor) != null) {
                    throw new ImportException("tensor " + tensor.name() + " is in two of the model's files");
                }
            }
            unread.putAll(file.unread());
        }
    }

    /**
     * Opens one file, whatever its name, or the files of a folder.
     *
     * @throws ImportException if a file is missing, is no safetensors file, or does not hold what the index says
     */
    public static SafetensorsWeights open(Path fileOrFolder) throws IOException {
        if (!Files.isDirectory(fileOrFolder)) {
            return of(List.of(fileOrFolder));
        }
        Path index = fileOrFolder.resolve(INDEX);
        if (Files.exists(index)) {
            return sharded(fileOrFolder, index);
        }
        if (!Files.exists(fileOrFolder.resolve(SINGLE))) {
            throw new ImportException("the folder " + fileOrFolder.getFileName() + " has neither " + SINGLE + " nor " + INDEX
                    + "; weights in other formats (pytorch_model.bin) are not imported, convert them to safetensors first");
        }
        return of(List.of(fileOrFolder.resolve(SINGLE)));
    }

    /** The readable tensors by name. */
    public Map<String, EncodedTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** Names of tensors of other element types or ranks, and what they are. */
    public Map<String, String> unread() {
        return Collections.unmodifiableMap(unread);
    }

    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
    }

    private static SafetensorsWeights of(List<Path> paths) throws IOException {
        List<SafetensorsFile> files = new ArrayList<>();
        try {
            for (Path path : paths) {
                files.add(SafetensorsFile.open(path));
            }
            return new SafetensorsWeights(files);
        } catch (IOException | RuntimeException e) {
            files.forEach(SafetensorsFile::close);
            throw e;
        }
    }

    private static SafetensorsWeights sharded(Path folder, Path index) throws IOException {
        JsonNode map = new JsonFile(MAX_INDEX).read(index).path("weight_map");
        if (!map.isObject()) {
            throw new ImportException(INDEX + " has no weight_map");
        }
        Set<String> names = new LinkedHashSet<>();
        for (Iterator<JsonNode> values = map.elements(); values.hasNext();) {
            names.add(shardName(values.next()));
            if (names.size() > MAX_SHARDS) {
                throw new ImportException(INDEX + " names more than " + MAX_SHARDS + " files");
            }
        }
        List<Path> paths = new ArrayList<>();
        for (String name : names) {
            Path path = folder.resolve(name);
            if (!Files.isRegularFile(path)) {
                throw new ImportException(INDEX + " names " + name + ", which is not in the folder; fetch it too");
            }
            paths.add(path);
        }
        SafetensorsWeights weights = of(paths);
        for (Iterator<String> tensors = map.fieldNames(); tensors.hasNext();) {
            String tensor = tensors.next();
            if (!weights.tensors.containsKey(tensor) && !weights.unread.containsKey(tensor)) {
                weights.close();
                throw new ImportException("tensor " + tensor + " is named by " + INDEX + ", but is in none of its files");
            }
        }
        return weights;
    }

    private static String shardName(JsonNode value) throws ImportException {
        String name = value.textValue();
        if (name == null || !name.endsWith(".safetensors") || name.contains("/") || name.contains("\\") || name.startsWith(".")) {
            throw new ImportException(INDEX + " names the file " + value + "; a file name that ends in .safetensors was expected");
        }
        return name;
    }
}
