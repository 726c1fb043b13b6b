package dev.candor.inference.node;

import dev.candor.hub.store.ProgressListener;

/** Hears how the start of a node goes on. */
public interface StartListener {
    /** For the model. */
    ProgressListener model();

    /** For the chain: what is fetched or done, and how far it is. */
    void chain(String what, long done, long total);

    /** Hears nothing. */
    static StartListener silent() {
        return new StartListener() {
            @Override
            public ProgressListener model() {
                return ProgressListener.none();
            }

            @Override
            public void chain(String what, long done, long total) {}
        };
    }
}
