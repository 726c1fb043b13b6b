package dev.candor.hub.importer.decoder;

/** The part of a decoder's graph between the projections of a layer: rotary embedding, KV cache and attention. */
public interface AttentionGraph {
    /** Declares the graph's inputs and outputs that belong to the cache and to the lengths of sequences; called once, before any node. */
    void declare();

    /**
     * Adds a layer's attention.
     *
     * @param packed name of queries, keys and values [B,S,(heads + 2·kvHeads)·headSize], biased and normalised, not yet rotated
     * @return name of what is attended to, [B,S,heads·headSize]
     */
    String attend(int layer, String packed);
}
