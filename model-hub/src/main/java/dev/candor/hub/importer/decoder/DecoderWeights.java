package dev.candor.hub.importer.decoder;

import dev.candor.hub.importer.source.WeightMatrix;
import dev.candor.hub.onnx.ElementType;
import java.io.IOException;

/** How one form writes the weights of a decoder, and the operators that use them. */
public interface DecoderWeights {
    /** Type of activations, of the norms' gains, and of the KV cache. */
    default ElementType type() {
        return ElementType.FLOAT;
    }

    /** Whether activations are [B·S,width] between the layers instead of [B,S,width]. */
    default boolean flat() {
        return false;
    }

    /** The embedding table's rows for the graph input of token ids: [B,S] to [B,S,hidden]. */
    String embed(WeightMatrix table, String ids) throws IOException;

    /**
     * A projection y = x·Wᵀ.
     *
     * @param name   of the weights within the graph
     * @param input  name of x, whose last dimension is the matrix's width
     * @param matrix rows are outputs
     */
    String project(String name, String input, WeightMatrix matrix) throws IOException;

    /**
     * The feed-forward part of a layer.
     *
     * @param block prefix of the weights' names within the graph
     */
    String feedForward(String block, String input, FeedForward parts) throws IOException;

    /**
     * The logits of {@code input} [R,hidden].
     *
     * @param tied whether {@code matrix} is the table given to {@link #embed}, whose bytes are then used again
     */
    String head(String input, WeightMatrix matrix, boolean tied) throws IOException;
}
