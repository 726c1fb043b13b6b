package dev.candor.bench.peers;

import dev.candor.bench.AtShutdown;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that this one has started, and that does not outlive it, with those that it started in turn. */
final class Child implements AutoCloseable {
    private static final long STOP_SECONDS = 20;

    private final Process process;
    private final AtShutdown guard;

    /** @throws PeerException if this process is being ended; then the child has ended too */
    Child(Process process) throws PeerException {
        this.process = process;
        try {
            this.guard = new AtShutdown(this::stop);
        } catch (IllegalStateException e) {
            throw new PeerException(e.getMessage(), e);
        }
    }

    Process process() {
        return process;
    }

    private void stop() {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    /** Asks it to end, and sees to it that it has. */
    @Override
    public void close() {
        guard.close();
        stop();
    }
}
