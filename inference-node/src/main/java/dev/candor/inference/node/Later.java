package dev.candor.inference.node;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A part of the start that goes on beside the others. */
final class Later<T> implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Later.class.getName());

    private final FutureTask<T> task;

    Later(Callable<T> work) {
        task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().name("start").start(task);
    }

    /** Waits for the part. */
    T get() throws IOException, StartException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case StartException start -> throw start;
                case RuntimeException runtime -> throw runtime;
                default -> throw new StartException(String.valueOf(e.getCause().getMessage()), e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("the start was interrupted", e);
        }
    }

    /** Waits until the part is there or has failed, so that what it opens is not torn down under it. */
    @Override
    public void close() throws InterruptedException {
        try {
            task.get();
        } catch (ExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "a part of the start had failed", e.getCause());
        }
    }
}
