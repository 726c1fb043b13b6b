package dev.candor.inference.structured;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs a {@link Program} deterministically: its states are sets of readings, made when they are first reached and kept while there is room.
 * Not thread-safe.
 */
final class LazyAutomaton {
    private static final int BYTES = 256;
    private static final int STATE_BYTES = 200;
    private static final int READING_BYTES = 80;
    /** Of one state: an object may go on with any of its properties. */
    private static final int MAX_READINGS = 4_096;

    private final Program program;
    private final ShortestWays ways;
    private final ConstraintLimits limits;
    private final int[] classOf = new int[BYTES];
    private final int classes;
    private final int wholeEnd;
    private final Map<List<Reading>, State> states = new HashMap<>();
    private long bytes;
    private long made;
    private int generation;

    /** @param wholeEnd the node that ends the whole */
    LazyAutomaton(Program program, ShortestWays ways, int wholeEnd, ConstraintLimits limits) {
        this.program = program;
        this.ways = ways;
        this.limits = limits;
        this.wholeEnd = wholeEnd;
        this.classes = classify();
    }

    // Bytes that no edge tells apart need one way on between them.
    private int classify() {
        boolean[] cut = new boolean[BYTES + 1];
        for (int node = 0; node < program.nodes(); node++) {
            if (program.kinds()[node] == Program.BYTES) {
                int[] edges = program.operands()[node];
                for (int i = 0; i < edges.length; i += 3) {
                    cut[edges[i]] = true;
                    cut[edges[i + 1] + 1] = true;
                }
            }
        }
        int count = 0;
        for (int b = 0; b < BYTES; b++) {
            count += b > 0 && cut[b] ? 1 : 0;
            classOf[b] = count;
        }
        return count + 1;
    }

    Program program() {
        return program;
    }

    int wholeEnd() {
        return wholeEnd;
    }

    State start() {
        return intern(closed(List.of(new Pending(program.starts()[0], null))));
    }

    /** The same state among those that are kept now. */
    State current(State state) {
        return state.generation == generation ? state : intern(state.readings);
    }

    /** Behind a byte; dead if there is no way on. */
    State next(State state, int b) {
        State known = state.next[classOf[b]];
        if (known == null) {
            known = intern(closed(behind(state, b)));
            if (known.generation == state.generation) {
                state.next[classOf[b]] = known;
            }
        }
        return known;
    }

    private List<Pending> behind(State state, int b) {
        List<Pending> pending = new ArrayList<>();
        for (Reading reading : state.readings) {
            if (program.kinds()[reading.node()] == Program.BYTES) {
                int[] edges = program.operands()[reading.node()];
                for (int i = 0; i < edges.length; i += 3) {
                    if (b >= edges[i] && b <= edges[i + 1]) {
                        pending.add(new Pending(edges[i + 2], reading.frame()));
                    }
                }
            }
        }
        return pending;
    }

    /** Behind a special token; dead if there is no way on. */
    State nextSpecial(State state, int token) {
        List<Pending> pending = new ArrayList<>();
        for (Reading reading : state.readings) {
            if (program.kinds()[reading.node()] == Program.SPECIAL && program.operands()[reading.node()][0] == token) {
                pending.add(new Pending(program.operands()[reading.node()][1], reading.frame()));
            }
        }
        return intern(closed(pending));
    }

    /** Forgets all states once they take too much; those in use are made anew when they are used. */
    void trim() {
        if (bytes > limits.automatonBytes()) {
            states.clear();
            bytes = 0;
            generation++;
        }
    }

    /** How many readings have been made so far: a measure of work. */
    long made() {
        return made;
    }

    /** What states and masks take, about. */
    long bytes() {
        return bytes;
    }

    void account(long more) {
        bytes += more;
    }

    State intern(List<Reading> readings) {
        State known = states.get(readings);
        if (known == null) {
            known = new State(readings, program, wholeEnd, classes, generation);
            states.put(readings, known);
            bytes += STATE_BYTES + 4L * classes + (long) READING_BYTES * readings.size();
        }
        return known;
    }

    /** A node that has been reached, whatever its kind. */
    private record Pending(int node, Frame frame) {}

    private List<Reading> closed(List<Pending> from) {
        if (from.isEmpty()) {
            return List.of();
        }
        Deque<Pending> stack = new ArrayDeque<>();
        for (int i = from.size() - 1; i >= 0; i--) {
            stack.push(from.get(i));
        }
        List<Reading> readings = new ArrayList<>();
        Set<Pending> seen = new HashSet<>();
        while (!stack.isEmpty()) {
            Pending pending = stack.pop();
            if (ways.tokens(pending.node) < ShortestWays.NONE && fits(pending) && seen.add(pending)) {
                expand(pending, stack, readings);
            }
        }
        made += readings.size();
        return readings.size() > limits.alternatives() ? nearest(readings) : List.copyOf(readings);
    }

    private boolean fits(Pending pending) {
        return depth(pending.frame) + ways.depth(pending.node) <= limits.outputDepth();
    }

    private static int depth(Frame frame) {
        return frame == null ? 0 : frame.depth;
    }

    private static int tokens(Frame frame) {
        return frame == null ? 0 : frame.tokens;
    }

    /** Tokens that are enough behind any plain text that may follow a reading. */
    int mostTokens(Reading reading) {
        int most = ways.mostTokens(program.peers()[reading.node()]);
        return Math.max(reading.tokens(), most + tokens(reading.frame()));
    }

    /** Of each node some, the nearest to their ends first, so that every way on stays open. */
    private List<Reading> nearest(List<Reading> readings) {
        List<Reading> sorted = readings.stream().sorted(Comparator.comparingInt(Reading::tokens)).toList();
        Map<Integer, Integer> seen = new HashMap<>();
        Map<Reading, Integer> ranks = new HashMap<>();
        sorted.forEach(reading -> ranks.put(reading, seen.merge(reading.node(), 1, Integer::sum)));
        return sorted.stream().filter(reading -> ranks.get(reading) <= limits.alternatives()).sorted(Comparator.comparingInt(ranks::get))
                .limit(MAX_READINGS).toList();
    }

    private void expand(Pending pending, Deque<Pending> stack, List<Reading> readings) {
        int node = pending.node;
        Frame frame = pending.frame;
        int[] operands = program.operands()[node];
        switch (program.kinds()[node]) {
            case Program.SPLIT -> {
                for (int i = operands.length - 1; i >= 0; i--) {
                    stack.push(new Pending(operands[i], frame));
                }
            }
            case Program.CALL -> call(node, operands, frame, stack);
            case Program.LOOP -> {
                int left = operands[2] == Integer.MAX_VALUE ? operands[2] : operands[2] - 1;
                round(node, operands, operands[1] - 1, left, frame, stack);
            }
            case Program.END -> {
                if (frame == null) {
                    readings.add(new Reading(wholeEnd, null, 0));
                } else {
                    goBack(frame, stack);
                }
            }
            default -> readings.add(new Reading(node, frame, ways.tokens(node) + tokens(frame)));
        }
    }

    private void call(int node, int[] operands, Frame frame, Deque<Pending> stack) {
        int target = operands[1];
        // Behind a call at its rule's end there is nothing to come back for, and endless lists need no endless stack.
        Frame inner = program.kinds()[target] == Program.END ? frame : new Frame(node, 0, 0, frame, ways.tokens(target) + tokens(frame));
        stack.push(new Pending(program.starts()[operands[0]], inner));
    }

    private void round(int node, int[] operands, int need, int left, Frame parent, Deque<Pending> stack) {
        int start = program.starts()[operands[0]];
        int tokens = need * ways.tokens(start) + ways.tokens(operands[3]) + tokens(parent);
        stack.push(new Pending(start, new Frame(node, need, left, parent, tokens)));
    }

    private void goBack(Frame frame, Deque<Pending> stack) {
        int[] operands = program.operands()[frame.node];
        if (program.kinds()[frame.node] == Program.CALL) {
            stack.push(new Pending(operands[1], frame.parent));
            return;
        }
        if (frame.need == 0) {
            stack.push(new Pending(operands[3], frame.parent));
        }
        if (frame.left > 0) {
            int left = frame.left == Integer.MAX_VALUE ? frame.left : frame.left - 1;
            round(frame.node, operands, Math.max(0, frame.need - 1), left, frame.parent, stack);
        }
    }

    /**
     * A state from which tokens of at most so many bytes can do the same, with loops counted no further than these can see; the state
     * itself if there is none that is simpler.
     */
    State simplified(State state, int longest) {
        boolean one = state.readings.size() == 1;
        Reading[] simple = null;
        for (int i = 0; i < state.readings.size(); i++) {
            Reading reading = state.readings.get(i);
            Frame frame = reading.frame();
            if (frame == null || program.kinds()[frame.node] != Program.LOOP) {
                continue;
            }
            int need = one ? Math.min(frame.need, longest) : frame.need;
            int left = frame.left == Integer.MAX_VALUE ? frame.left : Math.min(frame.left, Math.max(longest, need));
            if (need != frame.need || left != frame.left) {
                simple = simple == null ? state.readings.toArray(Reading[]::new) : simple;
                int fewer = (frame.need - need) * ways.tokens(program.starts()[program.operands()[frame.node][0]]);
                Frame short2 = new Frame(frame.node, need, left, frame.parent, frame.tokens - fewer);
                simple[i] = new Reading(reading.node(), short2, reading.tokens() - fewer);
            }
        }
        return simple == null ? state : intern(List.copyOf(Arrays.asList(simple)));
    }
}
