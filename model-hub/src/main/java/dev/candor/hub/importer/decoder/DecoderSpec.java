package dev.candor.hub.importer.decoder;

import dev.candor.hub.importer.source.ImportException;
import java.util.List;

/**
 * A decoder's architecture, whatever file it comes from.
 *
 * @param architecture what the file calls it, for messages
 * @param headSize     width of a head, a multiple of 8; not always hidden / heads
 * @param feedForward  width between gate and down projection
 * @param context      longest sequence in tokens that is served
 * @param epsilon      of the root mean square norms
 * @param layers       one entry for each layer
 */
public record DecoderSpec(
        String architecture,
        int hidden,
        int heads,
        int kvHeads,
        int headSize,
        int feedForward,
        int vocabulary,
        int context,
        float epsilon,
        Activation activation,
        List<LayerAttention> layers,
        Parts parts,
        Scales scales) {
    private static final int MAX_LENGTH = 1 << 20;
    private static final int MAX_LAYERS = 1024;
    private static final int MAX_HEADS = 4096;
    private static final long MAX_ROTARY = 1L << 26;

    /**
     * Which optional parts the layers have.
     *
     * @param qkvBias       query, key and value projections add a vector
     * @param outputBias    the attention's output projection adds one
     * @param headNorms     each head of queries and keys is normalised before it is rotated
     * @param sandwichNorms what attention and feed-forward give is normalised too before it is added
     * @param tied          the embedding's table is the head
     */
    public record Parts(boolean qkvBias, boolean outputBias, boolean headNorms, boolean sandwichNorms, boolean tied) {}

    /**
     * Factors and limits.
     *
     * @param embedding        what embeddings are multiplied by
     * @param attention        what products of queries and keys are multiplied by
     * @param attentionSoftcap scores s become c·tanh(s/c); 0 for none
     * @param logitSoftcap     the same of the logits; 0 for none
     */
    public record Scales(float embedding, float attention, float attentionSoftcap, float logitSoftcap) {
        /** No scaling but the attention's 1/√headSize. */
        public static Scales plain(int headSize) {
            return new Scales(1, (float) (1 / StrictMath.sqrt(headSize)), 0, 0);
        }
    }

    public DecoderSpec {
        layers = List.copyOf(layers);
    }

    public int queryWidth() {
        return heads * headSize;
    }

    public int keyWidth() {
        return kvHeads * headSize;
    }

    /** @throws ImportException naming the number that is out of bounds or does not fit another */
    public DecoderSpec checked() throws ImportException {
        within("the hidden size", hidden, MAX_LENGTH);
        within("the number of heads", heads, MAX_HEADS);
        within("the number of key-value heads", kvHeads, heads);
        within("the feed-forward size", feedForward, MAX_LENGTH);
        within("the vocabulary", vocabulary, MAX_LENGTH);
        within("the context", context, 1 << 24);
        within("the number of layers", layers.size(), MAX_LAYERS);
        require(heads % kvHeads == 0, "the model has " + heads + " heads, no multiple of its " + kvHeads + " key-value heads");
        require(headSize > 0 && headSize % 8 == 0 && headSize <= MAX_HEADS,
                "the model's heads are " + headSize + " wide; keys and values must have one width, a multiple of 8");
        require((long) context * headSize <= MAX_ROTARY,
                "the model's context of " + context + " tokens with heads of " + headSize + " is longer than is imported; give a shorter context");
        require(epsilon > 0 && Float.isFinite(epsilon), "the norms' epsilon is " + epsilon + ", it must be finite and above 0");
        for (float scale : new float[] {scales.embedding(), scales.attention()}) {
            require(scale > 0 && Float.isFinite(scale), "the model scales by " + scale + ", which must be finite and above 0");
        }
        for (float cap : new float[] {scales.attentionSoftcap(), scales.logitSoftcap()}) {
            require(cap >= 0 && Float.isFinite(cap), "the model has a soft cap of " + cap + ", which must be finite and not negative");
        }
        for (LayerAttention layer : layers) {
            require(layer.window() >= 0, "a layer's window is " + layer.window());
            if (layer.rope().isPresent()) {
                layer.rope().get().check(headSize);
            }
        }
        return this;
    }

    private static void within(String what, int value, int max) throws ImportException {
        require(value >= 1 && value <= max, what + " is " + value + ", allowed is 1 to " + max);
    }

    private static void require(boolean good, String message) throws ImportException {
        if (!good) {
            throw new ImportException(message);
        }
    }
}
