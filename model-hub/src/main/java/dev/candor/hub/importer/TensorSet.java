package dev.candor.hub.importer;

import dev.candor.hub.importer.gguf.GgufFile;
import dev.candor.hub.importer.gguf.GgufTensor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/** The tensors of a model, handed out by name and shape; remembers which were taken, since a tensor left over would be silently dropped. */
final class TensorSet {
    private final Map<String, GgufTensor> tensors;
    private final Set<String> taken = new HashSet<>();
    private final LongConsumer progress;
    private long takenBytes;

    /** @param progress gets the encoded bytes of all tensors taken so far */
    TensorSet(GgufFile file, LongConsumer progress) {
        this.tensors = file.tensors();
        this.progress = progress;
    }

    boolean has(String name) {
        return tensors.containsKey(name);
    }

    /** The matrix {@code name} with {@code rows} rows of {@code columns}. */
    GgufTensor matrix(String name, int rows, int columns) throws ImportException {
        return take(name, List.of((long) columns, (long) rows));
    }

    /** The vector {@code name}. */
    GgufTensor vector(String name, int length) throws ImportException {
        return take(name, List.of((long) length));
    }

    /** @throws ImportException if a tensor was not taken */
    void requireAllTaken() throws ImportException {
        for (String name : tensors.keySet()) {
            if (!taken.contains(name)) {
                throw new ImportException("tensor " + name + " has no place in the llama graph; the model is a variant that is not imported");
            }
        }
    }

    private GgufTensor take(String name, List<Long> dimensions) throws ImportException {
        GgufTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new ImportException("tensor " + name + " is missing");
        }
        if (!tensor.dimensions().equals(dimensions)) {
            throw new ImportException("tensor " + name + " is " + tensor.shape() + ", the metadata asks for "
                    + String.join("x", dimensions.stream().map(String::valueOf).toList()));
        }
        if (taken.add(name)) {
            takenBytes += tensor.data().byteSize();
            progress.accept(takenBytes);
        }
        return tensor;
    }
}
