package dev.candor.bench;

/** Something that is to be done before this process ends, also if it is told to end; until it is closed. */
public final class AtShutdown implements AutoCloseable {
    private final Thread hook;

    /** @throws IllegalStateException if the process is ending already; then {@code work} has been done */
    public AtShutdown(Runnable work) {
        hook = Thread.ofPlatform().name("at-shutdown").unstarted(work);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            work.run();
            throw new IllegalStateException("the benchmark is being ended", e);
        }
    }

    /** It need not be done any more; where the process is ending, it is done all the same. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The hook runs.
        }
    }
}
