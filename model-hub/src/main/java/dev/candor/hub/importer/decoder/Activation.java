package dev.candor.hub.importer.decoder;

/** The gate's nonlinearity in the feed-forward part. */
public enum Activation {
    /** x·sigmoid(x). */
    SILU,
    /** The Gaussian error linear unit by its approximation with tanh. */
    GELU_TANH
}
