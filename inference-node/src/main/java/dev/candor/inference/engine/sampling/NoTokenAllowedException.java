package dev.candor.inference.engine.sampling;

/** No token can be chosen, since a constraint allows none. */
public final class NoTokenAllowedException extends IllegalStateException {
    public NoTokenAllowedException() {
        super("the constraint allows no token of the model's vocabulary");
    }
}
