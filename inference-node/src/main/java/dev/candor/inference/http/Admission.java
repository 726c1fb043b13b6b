package dev.candor.inference.http;

import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Lets in as many requests as the batch and its queue hold; the rest are told to come back. Thread-safe. */
public final class Admission {
    private final Semaphore places;
    private final int capacity;
    private final int concurrent;
    private final DiskGuard disk;
    private final Map<Object, Runnable> cancels = new ConcurrentHashMap<>();
    private volatile boolean open = true;

    /** One place, to be given back by closing it; closing twice is harmless. */
    public interface Ticket extends AutoCloseable {
        @Override
        void close();
    }

    public Admission(int maxConcurrent, int maxQueue, DiskGuard disk) {
        this.capacity = maxConcurrent + maxQueue;
        this.concurrent = maxConcurrent;
        this.places = new Semaphore(capacity);
        this.disk = disk;
    }

    /** Lets a request in that takes one place. */
    public Ticket enter(Runnable cancel) throws ApiException {
        return enter(1, cancel);
    }

    /**
     * Lets a request in.
     *
     * @param places that it takes, one for each of its sequences
     * @param cancel ends its work early, should the node have to stop
     * @throws ApiException 503 while the node stops or its disk is full, 429 while the queue is
     */
    Ticket enter(int places, Runnable cancel) throws ApiException {
        requireOpen();
        if (!this.places.tryAcquire(places)) {
            throw full();
        }
        Object ticket = new Object();
        cancels.put(ticket, cancel);
        return () -> {
            if (cancels.remove(ticket) != null) {
                this.places.release(places);
            }
        };
    }

    /** Refuses as {@link #enter} would now, before a payment is taken. */
    void requireRoom() throws ApiException {
        requireRoom(1);
    }

    /** @throws ApiException 400 if a request of so many sequences can never come in; else as {@link #enter} */
    void requireRoom(int places) throws ApiException {
        requireOpen();
        if (places > capacity) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "The request asks for " + places + " answers at once, and this node holds " + capacity
                    + " altogether: ask for fewer.", "n");
        }
        if (this.places.availablePermits() < places) {
            throw full();
        }
    }

    private void requireOpen() throws ApiException {
        if (!open) {
            throw new ApiException(ErrorCode.UNAVAILABLE, "The node is stopping.").header("retry-after", "10");
        }
        disk.requireSpace();
    }

    /** The refusal of a request that finds the queue full, with a guess of when to come back. */
    ApiException full() {
        int seconds = Math.min(30, 1 + capacity / (8 * concurrent));
        return new ApiException(ErrorCode.QUEUE_FULL, "The node's queue is full: try again in " + seconds + " s.")
                .header("retry-after", Integer.toString(seconds));
    }

    /** Refuses all further requests. */
    public void close() {
        open = false;
    }

    /** Ends the work of all requests inside; what they produced is still answered. */
    void cancelAll() {
        cancels.values().forEach(Runnable::run);
    }

    /** Requests inside. */
    public int inside() {
        return capacity - places.availablePermits();
    }
}
