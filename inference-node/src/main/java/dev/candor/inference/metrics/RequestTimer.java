package dev.candor.inference.metrics;

/** Measures one request's tokens as they come. Calls come from one thread at a time. */
public interface RequestTimer {
    /** @param generated tokens generated so far */
    void tokens(int generated);
}
