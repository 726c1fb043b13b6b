package dev.candor.inference.openai.responses;

import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Responses that can be asked for and continued, in memory only. Each is kept for a time after it was made or last continued; before that the
 * oldest go first: those of an owner that has more than its share, then those of the owner that has most. Thread-safe.
 */
public final class ResponseStore {
    /** How long a response is kept after it was last of use, unless the operator says otherwise. */
    public static final Duration LIFETIME = Duration.ofHours(1);
    /** Bytes of all responses, unless the operator says otherwise. */
    public static final long MAX_BYTES = 128L * 1024 * 1024;
    /** Responses that one may continue, one after the other. */
    static final int MAX_CHAIN = 256;
    /** Bytes of stored responses that one request may go on with. */
    static final long MAX_CONVERSATION = 16L * 1024 * 1024;
    /** An owner may have that part of all bytes. */
    private static final int OWNERS_SHARE = 4;

    private final Clock clock;
    private final Duration lifetime;
    private final long maxBytes;
    /** In the order in which they were last of use, as in the shelves. */
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Shelf> shelves = new HashMap<>();
    private final Map<String, String> itemIds = new HashMap<>();
    private long bytes;

    private record Entry(StoredResponse response, Instant until) {}

    /** What one owner has. */
    private static final class Shelf {
        private final Map<String, Entry> entries = new LinkedHashMap<>();
        private long bytes;
    }

    /** @param lifetime zero to keep nothing */
    public ResponseStore(Clock clock, Duration lifetime, long maxBytes) {
        this.clock = clock;
        this.lifetime = lifetime;
        this.maxBytes = maxBytes;
    }

    /** Whether anything is kept at all. */
    public boolean keeps() {
        return lifetime.isPositive() && maxBytes > 0;
    }

    /** How many are kept now. */
    public synchronized int count() {
        expire();
        return entries.size();
    }

    /** Memory that they take, more or less. */
    public synchronized long bytes() {
        expire();
        return bytes;
    }

    /** Keeps a response, unless it is larger than an owner's share. */
    public synchronized void put(StoredResponse response) {
        if (!keeps() || response.bytes() > maxBytes / OWNERS_SHARE) {
            return;
        }
        remove(response.id());
        add(response);
        response.ids().forEach(id -> itemIds.put(id, response.id()));
        evict(response.owner());
    }

    private void add(StoredResponse response) {
        Entry entry = new Entry(response, clock.instant().plus(lifetime));
        Shelf shelf = shelves.computeIfAbsent(response.owner(), owner -> new Shelf());
        entries.put(response.id(), entry);
        shelf.entries.put(response.id(), entry);
        shelf.bytes += response.bytes();
        bytes += response.bytes();
    }

    /** Somebody else's response is as one that is not there. */
    public synchronized Optional<StoredResponse> find(String id, ResponseCaller caller) {
        expire();
        return Optional.ofNullable(entries.get(id)).map(Entry::response).filter(response -> caller.mayUse(response.owner()));
    }

    /** @return whether it was there and is the caller's */
    public synchronized boolean delete(String id, ResponseCaller caller) {
        boolean found = find(id, caller).isPresent();
        if (found) {
            remove(id);
        }
        return found;
    }

    /** The response that has an item which this node gave an id to, of its request or its answer. */
    synchronized Optional<StoredResponse> holder(String id, ResponseCaller caller) {
        return Optional.ofNullable(itemIds.get(id)).flatMap(response -> find(response, caller));
    }

    /**
     * The conversation that ends with a response; all of it is kept for its full time again.
     *
     * @return oldest first
     * @throws ApiException if a part of it is not there, or not the caller's
     */
    synchronized List<StoredResponse> conversation(String id, ResponseCaller caller) throws ApiException {
        Deque<StoredResponse> chain = new ArrayDeque<>();
        Optional<String> next = Optional.of(id);
        long length = 0;
        while (next.isPresent()) {
            String wanted = next.get();
            StoredResponse response = find(wanted, caller).orElseThrow(() -> gone(id, wanted));
            chain.addFirst(response);
            length += response.bytes();
            if (chain.size() > MAX_CHAIN || length > MAX_CONVERSATION) {
                throw new ApiException(ErrorCode.INVALID_VALUE, "'previous_response_id' names the last of more than " + MAX_CHAIN + " responses in a row, or "
                        + (MAX_CONVERSATION >> 20) + " MiB of them: begin a new conversation with the items that still matter as 'input'.",
                        "previous_response_id");
            }
            next = response.previous();
        }
        for (StoredResponse each : chain) {
            remove(each.id());
            add(each);
            each.ids().forEach(item -> itemIds.put(item, each.id()));
        }
        return List.copyOf(chain);
    }

    private ApiException gone(String asked, String missing) {
        String why = !keeps() ? "this node keeps no responses"
                : asked.equals(missing) ? "it was never made here, is not yours, or is no longer kept"
                : "it continues '" + missing + "', which is no longer kept";
        return new ApiException(ErrorCode.PREVIOUS_RESPONSE_NOT_FOUND, "Previous response with id '" + asked + "' not found: " + why
                + ". Send the whole conversation as 'input'.", "previous_response_id");
    }

    private void evict(String owner) {
        expire();
        Shelf own = shelves.get(owner);
        while (own != null && own.bytes > maxBytes / OWNERS_SHARE) {
            removeOldest(own);
        }
        while (bytes > maxBytes) {
            removeOldest(shelves.values().stream().reduce((a, b) -> a.bytes >= b.bytes ? a : b).orElseThrow());
        }
    }

    private void removeOldest(Shelf shelf) {
        remove(shelf.entries.keySet().iterator().next());
    }

    private void expire() {
        Instant now = clock.instant();
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            Entry entry = oldest.next();
            if (entry.until().isAfter(now)) {
                return;
            }
            oldest.remove();
            forget(entry.response());
        }
    }

    private void remove(String id) {
        Entry entry = entries.remove(id);
        if (entry != null) {
            forget(entry.response());
        }
    }

    private void forget(StoredResponse response) {
        Shelf shelf = shelves.get(response.owner());
        shelf.entries.remove(response.id());
        shelf.bytes -= response.bytes();
        bytes -= response.bytes();
        response.ids().forEach(itemIds::remove);
        if (shelf.entries.isEmpty()) {
            shelves.remove(response.owner());
        }
    }
}
