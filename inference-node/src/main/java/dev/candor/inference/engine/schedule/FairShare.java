package dev.candor.inference.engine.schedule;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much each client was served, to serve next whoever was served least (virtual token counters: Sheng et al., Fairness in Serving Large
 * Language Models, OSDI 2024). A client that comes back starts at the least of those that are there, so that nobody saves up a claim by
 * being away; what it had above that stays, so that nobody loses a debt by leaving for a moment. Not thread-safe.
 */
final class FairShare {
    /** A token that is generated costs about so many of a prompt. */
    private static final int GENERATED_WEIGHT = 4;
    /** Clients remembered that have nothing in the engine. */
    private static final int REMEMBERED = 1024;

    private final Map<String, Long> served = new HashMap<>();
    private final Map<String, Integer> inside = new HashMap<>();
    private final LinkedHashMap<String, Long> left = new LinkedHashMap<>();

    /** A sequence of the client has come. */
    void arrived(String client) {
        if (inside.merge(client, 1, Integer::sum) == 1) {
            long least = served.values().stream().mapToLong(Long::longValue).min().orElse(Long.MIN_VALUE);
            Long before = left.remove(client);
            served.put(client, Math.max(least == Long.MIN_VALUE ? 0 : least, before == null ? 0 : before));
        }
    }

    /** A sequence of the client has ended. */
    void ended(String client) {
        if (inside.merge(client, -1, Integer::sum) > 0) {
            return;
        }
        inside.remove(client);
        left.put(client, served.remove(client));
        if (left.size() > REMEMBERED) {
            left.pollFirstEntry();
        }
    }

    void prompted(String client, int tokens) {
        served.computeIfPresent(client, (key, before) -> before + tokens);
    }

    void generated(String client, int tokens) {
        served.computeIfPresent(client, (key, before) -> before + (long) GENERATED_WEIGHT * tokens);
    }

    long served(String client) {
        return served.getOrDefault(client, 0L);
    }

    /** Clients remembered in all. */
    int size() {
        return served.size() + left.size();
    }
}
