package dev.candor.inference.node;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what was opened, last first; a failure to close one does not keep the others open. Who closes it again waits until the first is done. */
final class Closing implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Closing.class.getName());

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Takes {@code part} over and gives it back. */
    <T extends AutoCloseable> T add(T part) {
        open.push(part);
        return part;
    }

    @Override
    public synchronized void close() {
        while (!open.isEmpty()) {
            AutoCloseable part = open.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.WARNING, "closing " + part.getClass().getSimpleName() + " failed", e);
            }
        }
    }
}
