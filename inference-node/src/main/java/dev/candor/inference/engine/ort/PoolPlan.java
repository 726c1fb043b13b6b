package dev.candor.inference.engine.ort;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which sequences share a run. Attention is computed over the whole cache of a run, as long as its longest sequence needs, for each of its sequences;
 * but each run reads all the weights. Costs are in tokens of cache attended to.
 */
final class PoolPlan {
    /** Members by index, and the length that the longest of them needs. */
    record Group(List<Integer> members, int length) {}

    private final long runCost;
    private final int maxMembers;

    /** @param runCost what a run costs before any attention */
    PoolPlan(long runCost, int maxMembers) {
        this.runCost = runCost;
        this.maxMembers = maxMembers;
    }

    long cost(int members, int length) {
        return runCost + (long) members * length;
    }

    /** The cheapest division of sequences that need caches of {@code lengths}. */
    List<Group> best(int[] lengths) {
        Integer[] order = IntStream.range(0, lengths.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingInt((Integer i) -> lengths[i]).reversed());
        int[] firstOfLast = divide(lengths, order);
        List<Group> groups = new ArrayList<>();
        for (int end = order.length; end > 0; end = firstOfLast[end]) {
            List<Integer> members = List.of(Arrays.copyOfRange(order, firstOfLast[end], end));
            groups.add(new Group(members, lengths[members.getFirst()]));
        }
        return groups;
    }

    /** Groups are neighbours in descending order: for each number of sequences, where the last group of their cheapest division begins. */
    private int[] divide(int[] lengths, Integer[] order) {
        long[] least = new long[order.length + 1];
        int[] first = new int[order.length + 1];
        for (int end = 1; end <= order.length; end++) {
            least[end] = Long.MAX_VALUE;
            for (int begin = Math.max(0, end - maxMembers); begin < end; begin++) {
                long cost = least[begin] + cost(end - begin, lengths[order[begin]]);
                if (cost < least[end]) {
                    least[end] = cost;
                    first[end] = begin;
                }
            }
        }
        return first;
    }
}
