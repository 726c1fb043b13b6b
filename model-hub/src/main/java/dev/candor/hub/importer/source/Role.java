package dev.candor.hub.importer.source;

/** What a tensor does in a decoder; a matrix has a row for each output. */
public enum Role {
    /** [vocabulary, hidden]. */
    EMBEDDING,
    /** [hidden]. */
    FINAL_NORM,
    /** [vocabulary, hidden]; absent where the embedding serves as the head. */
    HEAD,
    /** [hidden]. */
    ATTENTION_NORM,
    /** [heads·headSize, hidden]. */
    QUERY,
    /** [kvHeads·headSize, hidden]. */
    KEY,
    /** [kvHeads·headSize, hidden]. */
    VALUE,
    /** [heads·headSize]. */
    QUERY_BIAS,
    /** [kvHeads·headSize]. */
    KEY_BIAS,
    /** [kvHeads·headSize]. */
    VALUE_BIAS,
    /** [headSize], over each head of the queries. */
    QUERY_NORM,
    /** [headSize], over each head of the keys. */
    KEY_NORM,
    /** [hidden, heads·headSize]. */
    OUTPUT,
    /** [hidden]. */
    OUTPUT_BIAS,
    /** [hidden], of what the attention gives, before it is added (Gemma). */
    POST_ATTENTION_NORM,
    /** [hidden]. */
    FEED_FORWARD_NORM,
    /** [feedForward, hidden]. */
    GATE,
    /** [feedForward, hidden]. */
    UP,
    /** [hidden, feedForward]. */
    DOWN,
    /** [hidden], of what the feed-forward part gives, before it is added (Gemma). */
    POST_FEED_FORWARD_NORM
}
