package dev.candor.settlement.chain;

/** Is told how the setting up of a chain goes on, from the thread that sets it up. */
@FunctionalInterface
public interface ProvisionListener {
    /** Hears nothing. */
    ProvisionListener SILENT = (what, done, total) -> {};

    /**
     * @param what  what is being fetched or done, for people
     * @param done  bytes or steps so far; equal to {@code total} when it is over
     * @param total bytes or steps in all
     */
    void progress(String what, long done, long total);
}
