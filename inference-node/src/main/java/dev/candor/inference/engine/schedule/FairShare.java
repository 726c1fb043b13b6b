package dev.candor.inference.engine.schedule;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much each client was served, to serve next whoever was served least (virtual token counters: Sheng et al., Fairness in Serving Large
 * Language Models, OSDI 2024). A client that comes starts at the least of those that are there, or where the last one stood that left, so that nobody
 * saves up a claim by being away, and nobody who worked alone has to wait until others have had as much; what it had above that stays, so that nobody
 * loses a debt by leaving for a moment. Not thread-safe.
 */
public final class FairShare {
    /** A token that is generated costs about so many of a prompt. */
    private static final int GENERATED_WEIGHT = 4;
    /** Clients remembered that have nothing in the engine. */
    private static final int REMEMBERED = 1024;

    private final Map<String, Long> served = new HashMap<>();
    private final Map<String, Integer> inside = new HashMap<>();
    private final LinkedHashMap<String, Long> left = new LinkedHashMap<>();
    private long lastLeft;

    /** A request of the client has come. */
    public void arrived(String client) {
        if (inside.merge(client, 1, Integer::sum) == 1) {
            long least = served.values().stream().mapToLong(Long::longValue).min().orElse(lastLeft);
            Long before = left.remove(client);
            served.put(client, before == null ? least : Math.max(least, before));
        }
    }

    /** A request of the client has ended. */
    public void ended(String client) {
        if (inside.merge(client, -1, Integer::sum) > 0) {
            return;
        }
        inside.remove(client);
        lastLeft = served.remove(client);
        left.put(client, lastLeft);
        if (left.size() > REMEMBERED) {
            left.pollFirstEntry();
        }
    }

    void prompted(String client, int tokens) {
        spent(client, tokens);
    }

    void generated(String client, int tokens) {
        spent(client, (long) GENERATED_WEIGHT * tokens);
    }

    /** Puts work on the account of a client that is there. @param cost in one unit for all of them */
    public void spent(String client, long cost) {
        served.computeIfPresent(client, (key, before) -> before + cost);
    }

    /** The client's account. */
    public long served(String client) {
        return served.getOrDefault(client, 0L);
    }

    /** Clients remembered in all. */
    int size() {
        return served.size() + left.size();
    }
}
