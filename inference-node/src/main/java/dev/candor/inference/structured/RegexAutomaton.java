package dev.candor.inference.structured;

import dev.candor.inference.structured.RegexNode.Begin;
import dev.candor.inference.structured.RegexNode.Chars;
import dev.candor.inference.structured.RegexNode.Concat;
import dev.candor.inference.structured.RegexNode.Either;
import dev.candor.inference.structured.RegexNode.End;
import dev.candor.inference.structured.RegexNode.Repeated;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a regular expression into a {@link Dfa}: Thompson's construction, then that of subsets. An anchor is an edge that is open only at
 * the text's begin or end.
 */
final class RegexAutomaton {
    private static final int SPLIT = 0;
    private static final int CHARS = 1;
    private static final int BEGIN = 2;
    private static final int END = 3;
    private static final int ACCEPT = 4;

    private final WorkBudget budget;
    private final List<int[]> nodes = new ArrayList<>();
    private final List<CharRanges> sets = new ArrayList<>();
    private int[] seen = {};
    private int round;

    private RegexAutomaton(WorkBudget budget) {
        this.budget = budget;
    }

    /**
     * @param whole whether the expression must match the text as a whole, and not only somewhere in it
     * @throws WorkBudget.LimitException if it becomes too large
     */
    static Dfa compile(RegexNode regex, boolean whole, WorkBudget budget) {
        RegexAutomaton automaton = new RegexAutomaton(budget);
        RegexNode any = new Repeated(new Chars(CharRanges.ALL), 0, -1);
        RegexNode full = whole ? regex : new Concat(List.of(any, regex, any));
        int accept = automaton.node(ACCEPT, null);
        return automaton.subsets(automaton.emit(full, accept));
    }

    private int node(int kind, CharRanges set, int... targets) {
        budget.node();
        int[] node = new int[targets.length + 1];
        node[0] = kind;
        System.arraycopy(targets, 0, node, 1, targets.length);
        nodes.add(node);
        sets.add(set);
        return nodes.size() - 1;
    }

    private int emit(RegexNode regex, int next) {
        return switch (regex) {
            case Chars(CharRanges set) -> node(CHARS, set, next);
            case Begin() -> node(BEGIN, null, next);
            case End() -> node(END, null, next);
            case Concat(List<RegexNode> parts) -> {
                int start = next;
                for (int i = parts.size() - 1; i >= 0; i--) {
                    start = emit(parts.get(i), start);
                }
                yield start;
            }
            case Either(List<RegexNode> options) -> node(SPLIT, null, options.stream().mapToInt(option -> emit(option, next)).toArray());
            case Repeated(RegexNode what, int min, int max) -> repeat(what, min, max, next);
        };
    }

    private int repeat(RegexNode what, int min, int max, int next) {
        int start = next;
        if (max < 0) {
            start = node(SPLIT, null, next, next);
            nodes.get(start)[1] = emit(what, start);
        } else {
            for (int i = min; i < max; i++) {
                start = node(SPLIT, null, emit(what, start), next);
            }
        }
        for (int i = 0; i < min; i++) {
            budget.spend(1);
            start = emit(what, start);
        }
        return start;
    }

    private Dfa subsets(int start) {
        Dfa.Builder builder = new Dfa.Builder(budget);
        Map<IntBuffer, Integer> numbers = new HashMap<>();
        List<int[]> states = new ArrayList<>();
        seen = new int[nodes.size()];
        number(closure(new int[] {start}, true, false), true, numbers, states, builder);
        for (int state = 0; state < states.size(); state++) {
            int[] set = states.get(state);
            int[] cuts = cuts(set);
            for (int i = 0; i + 1 < cuts.length; i++) {
                int[] targets = targets(set, cuts[i]);
                if (targets.length > 0) {
                    int number = number(closure(targets, false, false), false, numbers, states, builder);
                    builder.edges(state, CharRanges.of(cuts[i], cuts[i + 1] - 1), number);
                }
            }
        }
        return builder.build();
    }

    private int number(int[] set, boolean atBegin, Map<IntBuffer, Integer> numbers, List<int[]> states, Dfa.Builder builder) {
        // The state at the begin is no other one: only there are the anchors of the begin open.
        Integer known = atBegin ? null : numbers.get(IntBuffer.wrap(set));
        if (known != null) {
            return known;
        }
        boolean accepting = Arrays.stream(closure(set, atBegin, true)).anyMatch(node -> nodes.get(node)[0] == ACCEPT);
        int number = builder.state(accepting);
        states.add(set);
        if (!atBegin) {
            numbers.put(IntBuffer.wrap(set), number);
        }
        return number;
    }

    /** What can be reached without a character, splits left out, in rising order. */
    private int[] closure(int[] from, boolean atBegin, boolean atEnd) {
        round++;
        int[] reached = new int[16];
        int size = 0;
        int[] stack = Arrays.copyOf(from, Math.max(16, from.length));
        int height = from.length;
        while (height > 0) {
            int node = stack[--height];
            if (seen[node] == round) {
                continue;
            }
            budget.spend(1);
            seen[node] = round;
            int[] content = nodes.get(node);
            if (content[0] != SPLIT) {
                reached = size == reached.length ? Arrays.copyOf(reached, size * 2) : reached;
                reached[size++] = node;
            }
            boolean open = content[0] == SPLIT || content[0] == BEGIN && atBegin || content[0] == END && atEnd;
            for (int i = 1; open && i < content.length; i++) {
                stack = height == stack.length ? Arrays.copyOf(stack, height * 2) : stack;
                stack[height++] = content[i];
            }
        }
        Arrays.sort(reached, 0, size);
        return Arrays.copyOf(reached, size);
    }

    /** Where the way on changes, in rising order. */
    private int[] cuts(int[] set) {
        int[] cuts = new int[16];
        int size = 0;
        for (int node : set) {
            CharRanges chars = sets.get(node);
            int ranges = chars == null ? 0 : chars.count();
            budget.spend(ranges + 1L);
            for (int i = 0; i < ranges; i++) {
                cuts = size + 2 > cuts.length ? Arrays.copyOf(cuts, cuts.length * 2) : cuts;
                cuts[size++] = chars.first(i);
                cuts[size++] = chars.last(i) + 1;
            }
        }
        Arrays.sort(cuts, 0, size);
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (kept == 0 || cuts[i] != cuts[kept - 1]) {
                cuts[kept++] = cuts[i];
            }
        }
        return Arrays.copyOf(cuts, kept);
    }

    private int[] targets(int[] set, int codePoint) {
        int[] targets = new int[set.length];
        int size = 0;
        for (int node : set) {
            CharRanges chars = sets.get(node);
            budget.spend(1);
            if (chars != null && chars.contains(codePoint)) {
                targets[size++] = nodes.get(node)[1];
            }
        }
        return Arrays.copyOf(targets, size);
    }
}
