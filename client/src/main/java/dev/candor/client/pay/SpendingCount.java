package dev.candor.client.pay;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one UTC day's payments come to. As text: {@code YYYY-MM-DD amount} in the first line, {@code host amount} in each further one.
 *
 * @param spent at all nodes
 * @param hosts at each node, by host and port
 */
record SpendingCount(LocalDate day, BigInteger spent, Map<String, BigInteger> hosts) {
    /** Nodes counted each for itself on one day; further ones count in the sum and under one name. */
    private static final int MAX_HOSTS = 1_000;
    private static final String OTHERS = "others";

    static SpendingCount none(LocalDate day) {
        return new SpendingCount(day, BigInteger.ZERO, Map.of());
    }

    /** @throws RuntimeException if the text is no count */
    static SpendingCount parse(String text) {
        String[] lines = text.split("\n");
        String[] first = lines[0].split(" ", 2);
        Map<String, BigInteger> hosts = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] parts = lines[i].split(" ", 2);
            hosts.put(parts[0], new BigInteger(parts[1]));
        }
        return new SpendingCount(LocalDate.parse(first[0]), new BigInteger(first[1]), hosts);
    }

    BigInteger at(String host) {
        return hosts.getOrDefault(name(host), BigInteger.ZERO);
    }

    /** With {@code change} more, or less where it is negative; never below zero. */
    SpendingCount plus(String host, BigInteger change) {
        Map<String, BigInteger> changed = new LinkedHashMap<>(hosts);
        changed.put(name(host), at(host).add(change).max(BigInteger.ZERO));
        return new SpendingCount(day, spent.add(change).max(BigInteger.ZERO), changed);
    }

    private String name(String host) {
        return hosts.containsKey(host) || hosts.size() < MAX_HOSTS ? host : OTHERS;
    }

    String text() {
        StringBuilder text = new StringBuilder().append(day).append(' ').append(spent).append('\n');
        hosts.forEach((host, amount) -> text.append(host).append(' ').append(amount).append('\n'));
        return text.toString();
    }
}
