package dev.candor.hub.importer.source;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/** Tensors of a file by their names; remembers which were taken, since a tensor left over would be silently dropped. */
public final class NamedWeights implements WeightSource {
    private final Map<String, EncodedTensor> tensors;
    private final TensorNaming naming;
    private final Set<String> taken = new HashSet<>();
    private long takenBytes;

    public NamedWeights(Map<String, EncodedTensor> tensors, TensorNaming naming) {
        this.tensors = Map.copyOf(tensors);
        this.naming = naming;
    }

    @Override
    public boolean has(Role role, int layer) {
        return tensors.containsKey(naming.place(role, layer).tensor());
    }

    @Override
    public WeightMatrix.Part matrix(Role role, int layer, int rows, int columns) throws ImportException {
        TensorNaming.Place place = naming.place(role, layer);
        EncodedTensor tensor = take(place, List.of((long) columns, (long) totalRows(place, rows)));
        IntUnaryOperator order = order(place);
        return new WeightMatrix.Part(tensor, rows, row -> place.firstRow() + order.applyAsInt(row));
    }

    @Override
    public float[] vector(Role role, int layer, int length) throws ImportException {
        TensorNaming.Place place = naming.place(role, layer);
        int total = totalRows(place, length);
        EncodedTensor tensor = take(place, List.of((long) total));
        float[] all = new float[total];
        tensor.decode(0, 0, total, all, 0);
        IntUnaryOperator order = order(place);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = all[place.firstRow() + order.applyAsInt(i)] + place.addend();
        }
        return values;
    }

    @Override
    public long takenBytes() {
        return takenBytes;
    }

    @Override
    public long bytes() {
        return tensors.values().stream().mapToLong(tensor -> tensor.data().byteSize()).sum();
    }

    @Override
    public void requireAllTaken() throws ImportException {
        for (String name : tensors.keySet().stream().sorted().toList()) {
            if (!taken.contains(name) && !naming.ignorable(name)) {
                throw new ImportException("tensor " + name + " has no place in the graph; the model is a variant that is not imported");
            }
        }
    }

    private static int totalRows(TensorNaming.Place place, int rows) {
        return place.totalRows() == 0 ? rows : place.totalRows();
    }

    /** Undoes the interleaving of each head's halves. */
    private static IntUnaryOperator order(TensorNaming.Place place) {
        int headSize = place.interleaved();
        if (headSize == 0) {
            return IntUnaryOperator.identity();
        }
        int half = headSize / 2;
        return row -> {
            int within = row % headSize;
            return row - within + within % half * 2 + within / half;
        };
    }

    private EncodedTensor take(TensorNaming.Place place, List<Long> dimensions) throws ImportException {
        String name = place.tensor();
        EncodedTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new ImportException("tensor " + name + " is missing");
        }
        if (!tensor.dimensions().equals(dimensions)) {
            throw new ImportException("tensor " + name + " is " + tensor.shape() + ", the model's configuration asks for "
                    + String.join("x", dimensions.stream().map(String::valueOf).toList()));
        }
        if (taken.add(name)) {
            takenBytes += tensor.data().byteSize();
        }
        return tensor;
    }
}
