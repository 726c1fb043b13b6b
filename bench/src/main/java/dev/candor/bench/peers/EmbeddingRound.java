package dev.candor.bench.peers;

/**
 * What a round of embeddings took.
 *
 * @param seconds for all
 * @param millis  of each
 * @param vectors of each, or empty where they were not asked for
 */
record EmbeddingRound(double seconds, double[] millis, float[][] vectors) {}
