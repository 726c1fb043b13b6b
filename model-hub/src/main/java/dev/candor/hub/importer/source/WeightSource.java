package dev.candor.hub.importer.source;

/**
 * The weights of a decoder, handed out by what they do. Nothing is read before it is asked for, and matrices stay encoded in the mapped file: rows are
 * decoded one at a time. Layers count from 0; the roles outside the layers are asked for with layer 0.
 */
public interface WeightSource {
    /** Whether the file holds {@code role}; only for what a model may lack. */
    boolean has(Role role, int layer);

    /**
     * A matrix of {@code rows} outputs and {@code columns} inputs, its query and key rows in the order of Hugging Face's weights: the first half of each
     * head, then the second.
     *
     * @throws ImportException naming the tensor, if it is missing or of another shape
     */
    WeightMatrix.Part matrix(Role role, int layer, int rows, int columns) throws ImportException;

    /**
     * A vector of {@code length} floats, in the rows' order of {@link #matrix}. Gains of norms are what the normalised value is multiplied by (Gemma's
     * files from Hugging Face hold one less).
     *
     * @throws ImportException naming the tensor, if it is missing or of another shape
     */
    float[] vector(Role role, int layer, int length) throws ImportException;

    /** Encoded bytes of all tensors handed out so far. */
    long takenBytes();

    /** Encoded bytes of all tensors. */
    long bytes();

    /** @throws ImportException naming a tensor that was not handed out: dropping it would change the model */
    void requireAllTaken() throws ImportException;
}
