package dev.candor.inference.structured;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A deterministic automaton over Unicode code points. State 0 is the start. From every state the text can still be accepted, unless nothing
 * is accepted at all: then there is one state. Immutable.
 */
final class Dfa {
    private static final long MANY = 1_000_000;

    /** By state: the first and the last code points of its edges in rising order, and where they lead. */
    private final int[][] firsts;

    private final int[][] lasts;
    private final int[][] targets;
    private final boolean[] accepting;

    private Dfa(int[][] firsts, int[][] lasts, int[][] targets, boolean[] accepting) {
        this.firsts = firsts;
        this.lasts = lasts;
        this.targets = targets;
        this.accepting = accepting;
    }

    int states() {
        return accepting.length;
    }

    boolean accepting(int state) {
        return accepting[state];
    }

    int edges(int state) {
        return firsts[state].length;
    }

    int first(int state, int edge) {
        return firsts[state][edge];
    }

    int last(int state, int edge) {
        return lasts[state][edge];
    }

    int target(int state, int edge) {
        return targets[state][edge];
    }

    /** @return -1 if there is no way on */
    int next(int state, int codePoint) {
        int low = 0;
        int high = firsts[state].length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (codePoint < firsts[state][middle]) {
                high = middle - 1;
            } else if (codePoint > lasts[state][middle]) {
                low = middle + 1;
            } else {
                return targets[state][middle];
            }
        }
        return -1;
    }

    boolean accepts(String text) {
        int state = 0;
        for (int i = 0; i < text.length() && state >= 0; i += Character.charCount(text.codePointAt(i))) {
            state = next(state, text.codePointAt(i));
        }
        return state >= 0 && accepting[state];
    }

    boolean acceptsNothing() {
        return accepting.length == 1 && !accepting[0];
    }

    /** By state: how many texts are accepted from it on; {@link Integer#MAX_VALUE} for a million and more. */
    int[] countTexts() {
        long[] counts = new long[states()];
        byte[] visits = new byte[states()];
        Deque<Integer> stack = new ArrayDeque<>();
        for (int from = 0; from < states(); from++) {
            stack.push(from);
            while (!stack.isEmpty()) {
                int state = stack.peek();
                if (visits[state] == 0) {
                    visits[state] = 1;
                    for (int target : targets[state]) {
                        if (visits[target] == 0) {
                            stack.push(target);
                        } else if (visits[target] == 1) {
                            counts[target] = MANY;
                        }
                    }
                } else {
                    stack.pop();
                    if (visits[state] == 1) {
                        visits[state] = 2;
                        counts[state] = Math.max(counts[state], count(state, counts));
                    }
                }
            }
        }
        return Arrays.stream(counts).mapToInt(count -> count >= MANY ? Integer.MAX_VALUE : (int) count).toArray();
    }

    private long count(int state, long[] counts) {
        long count = accepting[state] ? 1 : 0;
        for (int edge = 0; edge < edges(state); edge++) {
            long wide = (long) last(state, edge) - first(state, edge) + 1;
            count = Math.min(MANY, count + wide * counts[target(state, edge)]);
        }
        return count;
    }

    /** By state: how many characters of a set may follow, whichever they are; {@link Integer#MAX_VALUE} for no limit. */
    int[] charactersOf(CharRanges set) {
        int[] characters = new int[states()];
        Arrays.fill(characters, Integer.MAX_VALUE);
        List<List<Integer>> sources = new ArrayList<>();
        Deque<Integer> reached = new ArrayDeque<>();
        for (int state = 0; state < states(); state++) {
            sources.add(new ArrayList<>());
        }
        for (int state = 0; state < states(); state++) {
            int[] covered = new int[2 * edges(state)];
            for (int edge = 0; edge < edges(state); edge++) {
                covered[2 * edge] = first(state, edge);
                covered[2 * edge + 1] = last(state, edge);
                sources.get(target(state, edge)).add(state);
            }
            if (!CharRanges.union(covered).and(set).equals(set)) {
                characters[state] = 0;
                reached.add(state);
            }
        }
        while (!reached.isEmpty()) {
            int state = reached.poll();
            for (int source : sources.get(state)) {
                if (characters[source] == Integer.MAX_VALUE) {
                    characters[source] = characters[state] + 1;
                    reached.add(source);
                }
            }
        }
        return characters;
    }

    /** All texts, in the order of their characters; there must be few. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        collect(0, new StringBuilder(), texts);
        return texts;
    }

    private void collect(int state, StringBuilder text, List<String> texts) {
        if (accepting[state]) {
            texts.add(text.toString());
        }
        for (int edge = 0; edge < edges(state); edge++) {
            for (int c = first(state, edge); c <= last(state, edge); c++) {
                int length = text.length();
                text.appendCodePoint(c);
                collect(target(state, edge), text, texts);
                text.setLength(length);
            }
        }
    }

    /** The texts of exactly {@code min} to {@code max} characters of a set. @param max -1 for no limit */
    static Dfa repeat(CharRanges set, int min, int max, WorkBudget budget) {
        int last = max < 0 ? min : max;
        Builder builder = new Builder(budget);
        for (int i = 0; i <= last; i++) {
            builder.state(i >= min);
        }
        for (int i = 0; i <= last; i++) {
            if (i < last || max < 0) {
                builder.edges(i, set, Math.min(i + 1, last));
            }
        }
        return builder.build();
    }

    /** Exactly these texts. */
    static Dfa of(Iterable<String> texts, WorkBudget budget) {
        Builder builder = new Builder(budget);
        List<Map<Integer, Integer>> children = new ArrayList<>();
        List<Boolean> ends = new ArrayList<>();
        children.add(new HashMap<>());
        ends.add(false);
        for (String text : texts) {
            int state = 0;
            for (int c : text.codePoints().toArray()) {
                budget.spend(1);
                Integer next = children.get(state).get(c);
                if (next == null) {
                    next = children.size();
                    children.get(state).put(c, next);
                    children.add(new HashMap<>());
                    ends.add(false);
                }
                state = next;
            }
            ends.set(state, true);
        }
        for (boolean end : ends) {
            builder.state(end);
        }
        for (int state = 0; state < children.size(); state++) {
            int from = state;
            children.get(state).forEach((c, next) -> builder.edge(from, c, c, next));
        }
        return builder.build();
    }

    Dfa and(Dfa other, WorkBudget budget) {
        return product(other, false, budget);
    }

    /** What this accepts and the other does not. */
    Dfa without(Dfa other, WorkBudget budget) {
        return product(other, true, budget);
    }

    private Dfa product(Dfa other, boolean negated, WorkBudget budget) {
        Builder builder = new Builder(budget);
        Map<Long, Integer> numbers = new HashMap<>();
        List<long[]> pairs = new ArrayList<>();
        pair(0, 0, other, negated, numbers, pairs, builder);
        for (int state = 0; state < pairs.size(); state++) {
            int a = (int) pairs.get(state)[0];
            int b = (int) pairs.get(state)[1];
            for (int edge = 0; edge < edges(a); edge++) {
                int from = first(a, edge);
                while (from <= last(a, edge)) {
                    budget.spend(1);
                    int[] stretch = other.stretch(b, from);
                    int to = Math.min(last(a, edge), stretch[0]);
                    if (stretch[1] >= 0 || negated) {
                        builder.edge(state, from, to, pair(target(a, edge), stretch[1], other, negated, numbers, pairs, builder));
                    }
                    from = to + 1;
                }
            }
        }
        return builder.build();
    }

    private int pair(int a, int b, Dfa other, boolean negated, Map<Long, Integer> numbers, List<long[]> pairs, Builder builder) {
        return numbers.computeIfAbsent((long) a << Integer.SIZE | b & 0xFFFFFFFFL, key -> {
            boolean inOther = b >= 0 && other.accepting[b];
            builder.state(accepting[a] && inOther != negated);
            pairs.add(new long[] {a, b});
            return pairs.size() - 1;
        });
    }

    /** How far from a code point on everything leads to the same state, and to which (-1 for none). */
    private int[] stretch(int state, int from) {
        if (state < 0) {
            return new int[] {CharRanges.LAST, -1};
        }
        int[] starts = firsts[state];
        int edge = Arrays.binarySearch(starts, from);
        edge = edge >= 0 ? edge : -edge - 2;
        if (edge >= 0 && from <= lasts[state][edge]) {
            return new int[] {lasts[state][edge], targets[state][edge]};
        }
        return new int[] {edge + 1 < starts.length ? starts[edge + 1] - 1 : CharRanges.LAST, -1};
    }

    /** Collects states and edges; what leads nowhere is left out in the end. */
    static final class Builder {
        private final WorkBudget budget;
        private final List<int[]> edges = new ArrayList<>();
        private final List<Integer> sizes = new ArrayList<>();
        private final List<Boolean> ends = new ArrayList<>();

        Builder(WorkBudget budget) {
            this.budget = budget;
        }

        int state(boolean accepting) {
            budget.dfaState();
            edges.add(new int[6]);
            sizes.add(0);
            ends.add(accepting);
            return ends.size() - 1;
        }

        /** The ranges of one state's edges must not overlap. */
        void edge(int from, int first, int last, int target) {
            int size = sizes.get(from);
            int[] list = edges.get(from);
            if (size == list.length) {
                list = Arrays.copyOf(list, size * 2);
                edges.set(from, list);
            }
            list[size] = first;
            list[size + 1] = last;
            list[size + 2] = target;
            sizes.set(from, size + 3);
        }

        void edges(int from, CharRanges set, int target) {
            for (int i = 0; i < set.count(); i++) {
                edge(from, set.first(i), set.last(i), target);
            }
        }

        Dfa build() {
            boolean[] alive = alive();
            int[] number = new int[ends.size()];
            int count = 0;
            for (int state = 0; state < number.length; state++) {
                number[state] = alive[state] || state == 0 ? count++ : -1;
            }
            int[][] firsts = new int[count][];
            int[][] lasts = new int[count][];
            int[][] targets = new int[count][];
            boolean[] accepting = new boolean[count];
            for (int state = 0; state < number.length; state++) {
                if (number[state] >= 0) {
                    accepting[number[state]] = ends.get(state);
                    fill(state, number, alive, number[state], firsts, lasts, targets);
                }
            }
            return new Dfa(firsts, lasts, targets, accepting);
        }

        private void fill(int state, int[] number, boolean[] alive, int at, int[][] firsts, int[][] lasts, int[][] targets) {
            int[] list = edges.get(state);
            long[] order = new long[sizes.get(state) / 3];
            int size = 0;
            for (int i = 0; i < order.length; i++) {
                if (alive[list[3 * i + 2]]) {
                    order[size++] = (long) list[3 * i] << Integer.SIZE | i;
                }
            }
            Arrays.sort(order, 0, size);
            int[] first = new int[size];
            int[] last = new int[size];
            int[] target = new int[size];
            int kept = 0;
            for (int k = 0; k < size; k++) {
                int i = (int) order[k];
                int to = number[list[3 * i + 2]];
                if (kept > 0 && last[kept - 1] + 1 == list[3 * i] && target[kept - 1] == to) {
                    last[kept - 1] = list[3 * i + 1];
                } else {
                    first[kept] = list[3 * i];
                    last[kept] = list[3 * i + 1];
                    target[kept++] = to;
                }
            }
            firsts[at] = Arrays.copyOf(first, kept);
            lasts[at] = Arrays.copyOf(last, kept);
            targets[at] = Arrays.copyOf(target, kept);
        }

        /** By state: whether an accepting one can be reached. */
        private boolean[] alive() {
            int states = ends.size();
            List<List<Integer>> sources = new ArrayList<>(states);
            for (int i = 0; i < states; i++) {
                sources.add(new ArrayList<>(2));
            }
            for (int from = 0; from < states; from++) {
                for (int i = 0; i < sizes.get(from); i += 3) {
                    budget.spend(1);
                    sources.get(edges.get(from)[i + 2]).add(from);
                }
            }
            boolean[] alive = new boolean[states];
            int[] stack = new int[states];
            int height = 0;
            for (int i = 0; i < states; i++) {
                if (ends.get(i)) {
                    alive[i] = true;
                    stack[height++] = i;
                }
            }
            while (height > 0) {
                for (int source : sources.get(stack[--height])) {
                    if (!alive[source]) {
                        alive[source] = true;
                        stack[height++] = source;
                    }
                }
            }
            return alive;
        }
    }
}
