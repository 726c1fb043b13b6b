package dev.candor.inference.structured;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds a {@link Program} from its ends to its begins: every part is told what comes after it and says where it starts. */
final class ProgramBuilder {
    private static final int BYTES = 256;

    private final WorkBudget budget;
    private byte[] kinds = new byte[1024];
    private int[] text = new int[1024];
    private int[] peers = new int[1024];
    private boolean[] opens = new boolean[1024];
    private int[] keyRoom = new int[1024];
    private int[][] operands = new int[1024][];
    private int size;
    private SchemaProblem contradiction;
    private final List<Integer> starts = new ArrayList<>();

    ProgramBuilder(WorkBudget budget) {
        this.budget = budget;
    }

    /** Remembers the first contradiction, to be told if nothing at all satisfies the whole. */
    void contradiction(SchemaProblem problem) {
        contradiction = contradiction == null ? problem : contradiction;
    }

    Optional<SchemaProblem> contradiction() {
        return Optional.ofNullable(contradiction);
    }

    WorkBudget budget() {
        return budget;
    }

    int node(byte kind, int... content) {
        budget.node();
        budget.spend(content.length);
        if (size == kinds.length) {
            kinds = Arrays.copyOf(kinds, size * 2);
            text = Arrays.copyOf(text, size * 2);
            peers = Arrays.copyOf(peers, size * 2);
            opens = Arrays.copyOf(opens, size * 2);
            keyRoom = Arrays.copyOf(keyRoom, size * 2);
            operands = Arrays.copyOf(operands, size * 2);
        }
        kinds[size] = kind;
        operands[size] = content;
        return size++;
    }

    /** Gives a split its ways after it was made, for loops. */
    void lead(int split, int... targets) {
        operands[split] = targets;
    }

    /**
     * Says that plain text may follow a node.
     *
     * @param characters how many, or {@link Program#UNIT}
     * @param among      one of the nodes that it may lead to, the same for all of them
     */
    void followedByText(int node, int characters, int among) {
        text[node] = characters;
        peers[node] = among;
    }

    int deadEnd() {
        return node(Program.SPLIT);
    }

    int end() {
        return node(Program.END);
    }

    int either(int... ways) {
        return ways.length == 1 ? ways[0] : node(Program.SPLIT, ways);
    }

    int bytes(int first, int last, int next) {
        return node(Program.BYTES, first, last, next);
    }

    int literal(String literal, int next) {
        byte[] utf8 = literal.getBytes(StandardCharsets.UTF_8);
        int start = next;
        for (int i = utf8.length - 1; i >= 0; i--) {
            start = bytes(utf8[i] & 0xFF, utf8[i] & 0xFF, start);
        }
        return start;
    }

    /** A rule that is given its content later, so that it can call itself. */
    int newRule() {
        starts.add(-1);
        return starts.size() - 1;
    }

    void start(int rule, int node) {
        starts.set(rule, node);
    }

    int call(int rule, int next) {
        return node(Program.CALL, rule, next);
    }

    /** A rule again and again. @param max {@link Integer#MAX_VALUE} for no limit */
    int loop(int rule, int min, int max, int next) {
        if (max == 0) {
            return next;
        }
        int loop = node(Program.LOOP, rule, Math.max(1, min), max, next);
        return min == 0 ? either(loop, next) : loop;
    }

    /** The texts of an automaton, in UTF-8. */
    int text(Dfa dfa, int next) {
        return new DfaNodes(dfa, next, false).start();
    }

    /** The contents of JSON strings that stand for the texts of an automaton; only what must be escaped is. */
    int jsonText(Dfa dfa, int next) {
        return new DfaNodes(dfa, next, true).start();
    }

    /** A member's key with its quotes, one of the names of an automaton; within its object it comes once. */
    int key(Dfa names, int next) {
        int quote = bytes('"', '"', next);
        keyRoom[quote] = 1;
        int before = size;
        DfaNodes nodes = new DfaNodes(names, quote, true);
        int body = nodes.start();
        for (int node = before; node < size; node++) {
            keyRoom[node] = nodes.rooms.getOrDefault(node, Integer.MAX_VALUE);
        }
        return bytes('"', '"', body);
    }

    /** The begin of an object. */
    int open(int next) {
        int open = bytes('{', '{', next);
        opens[open] = true;
        return open;
    }

    Program build() {
        return new Program(
                Arrays.copyOf(kinds, size), Arrays.copyOf(operands, size), starts.stream().mapToInt(i -> i).toArray(), Arrays.copyOf(text, size),
                Arrays.copyOf(peers, size), Arrays.copyOf(opens, size), Arrays.copyOf(keyRoom, size));
    }

    /** One automaton's states as nodes. */
    private final class DfaNodes {
        private static final CharRanges PLAIN = CharRanges.union(' ', '!', '#', '[', ']', CharRanges.LAST);
        private static final String SHORT = "\b\t\n\f\r\"\\";
        private static final String SHORT_NAMES = "btnfr\"\\";

        private final Dfa dfa;
        private final int next;
        private final boolean json;
        private final int[] entries;
        private final Map<Long, Integer> tails = new HashMap<>();
        private final Map<Integer, Integer> rooms = new HashMap<>();
        private final int[] texts;
        private final int[] plain;

        DfaNodes(Dfa dfa, int next, boolean json) {
            this.dfa = dfa;
            this.next = next;
            this.json = json;
            this.texts = dfa.countTexts();
            this.plain = dfa.charactersOf(PLAIN);
            this.entries = new int[dfa.states()];
            for (int state = 0; state < entries.length; state++) {
                entries[state] = node(Program.SPLIT);
            }
        }

        int start() {
            for (int state = 0; state < entries.length; state++) {
                int way = ways(state);
                if (dfa.accepting(state)) {
                    lead(entries[state], way, next);
                } else {
                    lead(entries[state], way);
                }
            }
            return entries[0];
        }

        private int ways(int state) {
            List<int[]> edges = new ArrayList<>();
            List<int[]> escapes = new ArrayList<>();
            List<List<int[]>> controls = List.of(new ArrayList<>(), new ArrayList<>());
            List<int[]> around = new ArrayList<>();
            for (int edge = 0; edge < dfa.edges(state); edge++) {
                int target = dfa.target(state, edge);
                CharRanges set = CharRanges.of(dfa.first(state, edge), dfa.last(state, edge));
                if (target == state) {
                    around.add(new int[] {dfa.first(state, edge), dfa.last(state, edge)});
                }
                CharRanges plain = json ? set.and(PLAIN) : set;
                for (int i = 0; i < plain.count(); i++) {
                    Utf8.split(plain.first(i), plain.last(i), (firsts, lasts) -> edges.add(edge(firsts, lasts, entries[target])));
                }
                if (json) {
                    escapes(dfa.first(state, edge), dfa.last(state, edge), entries[target], escapes);
                    control(dfa.first(state, edge), dfa.last(state, edge), entries[target], controls);
                }
            }
            longEscapes(controls, escapes);
            if (!escapes.isEmpty()) {
                edges.add(new int[] {'\\', '\\', node(Program.BYTES, flat(escapes))});
            }
            int node = node(Program.BYTES, flat(edges));
            rooms.put(node, room(state));
            if (plain[state] > 0) {
                boolean stays = CharRanges.union(flat(around)).and(PLAIN).equals(PLAIN);
                followedByText(node, plain[state], stays ? node : entries[0]);
            }
            return node;
        }

        /** How many texts go on from a state with a character more. */
        private int room(int state) {
            boolean many = texts[state] == Integer.MAX_VALUE;
            return many ? texts[state] : texts[state] - (dfa.accepting(state) ? 1 : 0);
        }

        private int[] edge(int[] firsts, int[] lasts, int target) {
            int tail = target;
            for (int i = firsts.length - 1; i > 0; i--) {
                tail = tail(firsts[i], lasts[i], tail);
            }
            return new int[] {firsts[0], lasts[0], tail};
        }

        private int tail(int first, int last, int target) {
            long key = ((long) target * BYTES + first) * BYTES + last;
            Integer known = tails.get(key);
            if (known == null) {
                known = bytes(first, last, target);
                tails.put(key, known);
            }
            return known;
        }

        private void escapes(int first, int last, int target, List<int[]> escapes) {
            for (int i = 0; i < SHORT.length(); i++) {
                char c = SHORT.charAt(i);
                if (c >= first && c <= last) {
                    escapes.add(new int[] {SHORT_NAMES.charAt(i), SHORT_NAMES.charAt(i), target});
                }
            }
        }

        /** The control characters without a short escape, by their first hexadecimal digit that is not always 0. */
        private void control(int first, int last, int target, List<List<int[]>> byHighDigit) {
            for (int c = first; c <= last && c < ' '; c++) {
                if (SHORT.indexOf(c) < 0) {
                    int digit = Character.forDigit(c & 15, 16);
                    byHighDigit.get(c >> 4).add(new int[] {digit, digit, target});
                }
            }
        }

        private void longEscapes(List<List<int[]>> byHighDigit, List<int[]> escapes) {
            List<int[]> high = new ArrayList<>();
            for (int digit = 0; digit < byHighDigit.size(); digit++) {
                if (!byHighDigit.get(digit).isEmpty()) {
                    high.add(new int[] {'0' + digit, '0' + digit, node(Program.BYTES, flat(byHighDigit.get(digit)))});
                }
            }
            if (!high.isEmpty()) {
                escapes.add(new int[] {'u', 'u', literal("00", node(Program.BYTES, flat(high)))});
            }
        }

        private static int[] flat(List<int[]> lists) {
            return lists.stream().flatMapToInt(Arrays::stream).toArray();
        }
    }
}
