package dev.candor.inference.http;

import dev.candor.inference.limits.ClientId;
import dev.candor.inference.limits.ClientShare;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets in as many sequences as the batch and its queue hold, and of one client no more than its share; the rest are told to come back. Thread-safe.
 */
public final class Admission {
    private static final int MOST_SECONDS = 30;

    private final int capacity;
    private final int concurrent;
    private final ClientShare share;
    private final DiskGuard disk;
    private final Optional<Admission> whole;
    private final Map<Object, Runnable> cancels = new ConcurrentHashMap<>();
    private final Map<ClientId, Integer> held = new HashMap<>();
    private int inside;
    private volatile boolean open = true;

    /** The places of one request, to be given back by closing it; closing twice is harmless. */
    public interface Ticket extends AutoCloseable {
        @Override
        void close();
    }

    /** @param share of all places that one client may have */
    public Admission(int maxConcurrent, int maxQueue, ClientShare share, DiskGuard disk) {
        this(maxConcurrent, maxConcurrent + maxQueue, share, disk, Optional.empty());
    }

    private Admission(int concurrent, int capacity, ClientShare share, DiskGuard disk, Optional<Admission> whole) {
        this.capacity = capacity;
        this.concurrent = concurrent;
        this.share = share;
        this.disk = disk;
        this.whole = whole;
    }

    /** So many of these places, for requests of one kind; whoever has one of them has a place here too. */
    Admission part(int places) {
        return new Admission(1, Math.min(places, capacity), share, disk, Optional.of(this));
    }

    /** Lets a request in that takes one place. */
    Ticket enter(ClientId client, Runnable cancel) throws ApiException {
        return enter(client, 1, cancel);
    }

    /**
     * Lets a request in.
     *
     * @param places that it takes, one for each of its sequences
     * @param cancel ends its work early, should the node have to stop
     * @throws ApiException 503 while the node stops or its disk is full, 429 while the queue is, or the client has its share of it
     */
    Ticket enter(ClientId client, int places, Runnable cancel) throws ApiException {
        requireOpen();
        Object ticket = new Object();
        synchronized (this) {
            requirePlaces(client, places);
            inside += places;
            held.merge(client, places, Integer::sum);
        }
        cancels.put(ticket, cancel);
        Ticket own = () -> {
            if (cancels.remove(ticket) != null) {
                leave(client, places);
            }
        };
        return whole.isPresent() ? both(own, whole.get(), client, places, cancel) : own;
    }

    private static Ticket both(Ticket own, Admission whole, ClientId client, int places, Runnable cancel) throws ApiException {
        try {
            Ticket other = whole.enter(client, places, cancel);
            return () -> {
                own.close();
                other.close();
            };
        } catch (ApiException e) {
            own.close();
            throw e;
        }
    }

    private synchronized void leave(ClientId client, int places) {
        inside -= places;
        held.computeIfPresent(client, (key, before) -> before == places ? null : before - places);
    }

    /** Refuses as {@link #enter} would now, before a payment is taken. @throws ApiException also 400 if so many sequences can never come in */
    void requireRoom(ClientId client, int places) throws ApiException {
        requireOpen();
        if (places > capacity) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "The request asks for " + places + " answers at once, and this node holds " + capacity
                    + " altogether: ask for fewer.", "n");
        }
        synchronized (this) {
            requirePlaces(client, places);
        }
        if (whole.isPresent()) {
            whole.get().requireRoom(client, places);
        }
    }

    private void requirePlaces(ClientId client, int places) throws ApiException {
        int free = capacity - inside;
        if (places > free) {
            throw full();
        }
        int before = held.getOrDefault(client, 0);
        if (!share.allows(before, places, free)) {
            throw new ApiException(ErrorCode.RATE_LIMIT_EXCEEDED, "You have " + before + " answers at work or waiting, and no more than a share of the node's "
                    + "places is for one client: wait until some of them have ended.").retryAfter(Duration.ofSeconds(patience()));
        }
    }

    private void requireOpen() throws ApiException {
        if (!open) {
            throw new ApiException(ErrorCode.UNAVAILABLE, "The node is stopping.");
        }
        disk.requireSpace();
    }

    /** The refusal of a request that finds the queue full, with a guess of when to come back. */
    ApiException full() {
        return new ApiException(ErrorCode.QUEUE_FULL, "The node's queue is full: try again in " + patience() + " s.")
                .retryAfter(Duration.ofSeconds(patience()));
    }

    private int patience() {
        return Math.min(MOST_SECONDS, 1 + capacity / (8 * concurrent));
    }

    /** Refuses all further requests. */
    public void close() {
        open = false;
    }

    /** Ends the work of all requests inside; what they produced is still answered. */
    void cancelAll() {
        cancels.values().forEach(Runnable::run);
    }

    /** Places taken. */
    public synchronized int inside() {
        return inside;
    }
}
