package dev.candor.hub.importer.source;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Matrices of equal width stacked one below the other, each with its rows in an order of its own, read row by row from the mapped file. */
public final class WeightMatrix {
    /**
     * One matrix of the stack.
     *
     * @param rows  of the part, which may be fewer than the tensor's
     * @param order gives the tensor's row for a row of the part
     */
    public record Part(EncodedTensor tensor, int rows, IntUnaryOperator order) {
        public static Part of(EncodedTensor tensor) {
            return new Part(tensor, tensor.rows(), IntUnaryOperator.identity());
        }
    }

    private final List<Part> parts;
    private final int rows;

    public WeightMatrix(List<Part> parts) {
        this.parts = List.copyOf(parts);
        this.rows = parts.stream().mapToInt(Part::rows).reduce(0, Math::addExact);
    }

    public static WeightMatrix of(Part part) {
        return new WeightMatrix(List.of(part));
    }

    public List<Part> parts() {
        return parts;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return parts.getFirst().tensor().columns();
    }

    /** What the matrix is called in messages. */
    public String label() {
        return parts.getFirst().tensor().name();
    }

    /** Whether every part has the encoding of the first. */
    public boolean uniform() {
        return parts.stream().allMatch(part -> part.tensor().type() == type());
    }

    /** The encoding of the first part. */
    public TensorType type() {
        return parts.getFirst().tensor().type();
    }

    /** What is done with each row in turn. */
    public interface RowVisitor {
        void visit(Row row) throws IOException;
    }

    /** A row of the stack. */
    public record Row(EncodedTensor tensor, int index) {
        public TensorType type() {
            return tensor.type();
        }

        public MemorySegment bytes() {
            return tensor.row(index);
        }

        /** As {@link EncodedTensor#decode}, to the start of {@code out}. */
        public void decode(int from, int count, float[] out) {
            tensor.decode(index, from, count, out, 0);
        }
    }

    public void forEachRow(RowVisitor visitor) throws IOException {
        for (Part part : parts) {
            for (int row = 0; row < part.rows(); row++) {
                visitor.visit(new Row(part.tensor(), part.order().applyAsInt(row)));
            }
        }
    }
}
