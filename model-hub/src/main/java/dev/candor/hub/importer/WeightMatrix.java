package dev.candor.hub.importer;

import dev.candor.hub.importer.gguf.GgufTensor;
import dev.candor.hub.importer.gguf.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Matrices of equal width stacked one below the other, each with its rows in an order of its own, read row by row from the mapped file. */
final class WeightMatrix {
    /**
     * One matrix of the stack.
     *
     * @param order gives the tensor's row for a row of the stack's part
     */
    record Part(GgufTensor tensor, IntUnaryOperator order) {
        static Part of(GgufTensor tensor) {
            return new Part(tensor, row -> row);
        }

        /**
         * A query or key projection: GGUF interleaves the two halves of each head for its rotary embedding, the graph's operator wants one half
         * after the other.
         */
        static Part rotary(GgufTensor tensor, int headSize) {
            int half = headSize / 2;
            return new Part(tensor, row -> {
                int within = row % headSize;
                return row - within + within % half * 2 + within / half;
            });
        }
    }

    private final List<Part> parts;
    private final int rows;

    WeightMatrix(List<Part> parts) {
        this.parts = List.copyOf(parts);
        this.rows = parts.stream().mapToInt(part -> part.tensor().rows()).reduce(0, Math::addExact);
    }

    List<Part> parts() {
        return parts;
    }

    int rows() {
        return rows;
    }

    int columns() {
        return parts.getFirst().tensor().columns();
    }

    /** What the matrix is called in messages. */
    String label() {
        return parts.getFirst().tensor().name();
    }

    /** Whether every part has the encoding of the first. */
    boolean uniform() {
        return parts.stream().allMatch(part -> part.tensor().type() == type());
    }

    /** The encoding of the first part. */
    TensorType type() {
        return parts.getFirst().tensor().type();
    }

    /** What is done with each row in turn. */
    interface RowVisitor {
        void visit(Row row) throws IOException;
    }

    /** A row of the stack. */
    record Row(GgufTensor tensor, int index) {
        TensorType type() {
            return tensor.type();
        }

        MemorySegment bytes() {
            return tensor.row(index);
        }

        void decode(int from, int count, float[] out) {
            tensor.decode(index, from, count, out, 0);
        }
    }

    void forEachRow(RowVisitor visitor) throws IOException {
        for (Part part : parts) {
            for (int row = 0; row < part.tensor().rows(); row++) {
                visitor.visit(new Row(part.tensor(), part.order().applyAsInt(row)));
            }
        }
    }
}
