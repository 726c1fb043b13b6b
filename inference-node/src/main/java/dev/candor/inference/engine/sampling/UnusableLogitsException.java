package dev.candor.inference.engine.sampling;

/** No token can be chosen: a logit is not a number or is infinite, or all are suppressed. */
public final class UnusableLogitsException extends IllegalStateException {
    public UnusableLogitsException() {
        super("the model gave no usable logits");
    }
}
