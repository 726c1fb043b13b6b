package dev.candor.hub.importer.source;

/** Where a kind of file keeps each part of a decoder. */
public interface TensorNaming {
    /** The place of {@code role} in layer {@code layer}. */
    Place place(Role role, int layer);

    /** Whether tensor {@code name} may be left over, since it holds nothing that the graph needs. */
    default boolean ignorable(String name) {
        return false;
    }

    /**
     * A tensor, or some rows of one.
     *
     * @param tensor      its name
     * @param firstRow    where the part begins (packed projections)
     * @param totalRows   rows of the whole tensor, 0 where the part is all of it
     * @param interleaved width of the heads whose two halves the file interleaves row by row (llama.cpp's files of some architectures), else 0
     * @param addend      what is added to every element of a vector
     */
    record Place(String tensor, int firstRow, int totalRows, int interleaved, float addend) {
        public static Place of(String tensor) {
            return new Place(tensor, 0, 0, 0, 0);
        }

        /** {@code totalRows} rows are packed in the tensor; the part begins at {@code firstRow}. */
        public static Place within(String tensor, int firstRow, int totalRows) {
            return new Place(tensor, firstRow, totalRows, 0, 0);
        }

        public Place interleavedHeads(int headSize) {
            return new Place(tensor, firstRow, totalRows, headSize, addend);
        }

        public Place plus(float value) {
            return new Place(tensor, firstRow, totalRows, interleaved, value);
        }
    }
}
