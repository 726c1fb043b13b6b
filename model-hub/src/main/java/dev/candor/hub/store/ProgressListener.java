package dev.candor.hub.store;

/** Hears how far the preparation of a model is; called from the preparing thread, for every megabyte or so. */
public interface ProgressListener {
    /** The steps, in their order. */
    enum Step {
        /** The model's file is on its way. */
        FETCH,
        /** What arrived is compared with the digests of the catalog. */
        CHECK,
        /** The file is converted. */
        CONVERT
    }

    /**
     * The step has done {@code done} of {@code total} bytes.
     *
     * @param what name of the package or file
     */
    void progress(Step step, String what, long done, long total);

    /** Something a person should read, in one line: a source that failed before another is tried, another process waited for. */
    void notice(String line);

    /** Hears nothing. */
    static ProgressListener none() {
        return new ProgressListener() {
            @Override
            public void progress(Step step, String what, long done, long total) {}

            @Override
            public void notice(String line) {}
        };
    }
}
