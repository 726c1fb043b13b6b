package dev.candor.inference.engine.tensor;

import java.util.List;
import java.util.Optional;

/**
 * What a graph says of one of its inputs or outputs.
 *
 * @param shape    a free length is -1; absent where the graph does not even tell the number of dimensions
 */
public record TensorSpec(String name, Datatype datatype, Optional<List<Long>> shape) {
    public TensorSpec {
        shape = shape.map(List::copyOf);
    }

    boolean fits(List<Long> actual) {
        if (shape.isEmpty()) {
            return true;
        }
        List<Long> wanted = shape.get();
        if (wanted.size() != actual.size()) {
            return false;
        }
        for (int i = 0; i < wanted.size(); i++) {
            if (wanted.get(i) >= 0 && !wanted.get(i).equals(actual.get(i))) {
                return false;
            }
        }
        return true;
    }
}
