package dev.candor.inference.structured;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * How many tokens are enough to get from each node of a program to the end of its rule (Knuth's generalisation of Dijkstra's algorithm,
 * 1977). A token is a byte of its own, or one that follows a stretch of the program on which there is but one way; a shorter way may exist
 * whose tokens reach over the bounds of rules. Immutable.
 */
final class ShortestWays {
    /** Of nodes from which no end can be reached, or none within so many tokens; small enough to be added up along a stack. */
    static final int NONE = 1 << 22;

    private final int[] tokens;
    private final int[] depths;

    private final int[] most;

    private ShortestWays(int[] tokens, int[] depths, Program program) {
        this.tokens = tokens;
        this.depths = depths;
        this.most = new int[tokens.length];
        for (int node = 0; node < tokens.length; node++) {
            if (program.text()[node] != 0 && tokens[node] < NONE) {
                most[program.peers()[node]] = Math.max(most[program.peers()[node]], tokens[node]);
            }
        }
    }

    /** The most tokens from any of the nodes that share a number for their text. */
    int mostTokens(int peers) {
        return most[peers];
    }

    static ShortestWays of(Program program, TokenIndex index, WorkBudget budget) {
        return new Search(program, index, budget).run();
    }

    /** Tokens from a node to the end of its rule. */
    int tokens(int node) {
        return tokens[node];
    }

    /** How many calls are open at the same time on that way. */
    int depth(int node) {
        return depths[node];
    }

    /** Ways of a node: to one other at a cost, or to two: the start of a rule, as many times, and what comes behind. */
    private static final class Search {
        private final Program program;
        private final TokenIndex index;
        private final WorkBudget budget;
        private final int[] tokens;
        private final int[] depths;
        private final boolean[] done;
        private final PriorityQueue<long[]> queue = new PriorityQueue<>((a, b) -> a[0] != b[0] ? Long.compare(a[0], b[0]) : Long.compare(a[1], b[1]));

        private int[] wayTo = new int[4096];
        private int[] wayRule = new int[4096];
        private int[] wayFrom = new int[4096];
        private int[] wayCost = new int[4096];
        private int[] nextWay = new int[8192];
        private int ways;
        private int links;
        private final int[] firstLink;
        private int[] linkWay = new int[8192];

        Search(Program program, TokenIndex index, WorkBudget budget) {
            this.program = program;
            this.index = index;
            this.budget = budget;
            this.tokens = new int[program.nodes()];
            this.depths = new int[program.nodes()];
            this.done = new boolean[program.nodes()];
            this.firstLink = new int[program.nodes()];
            Arrays.fill(tokens, NONE);
            Arrays.fill(firstLink, -1);
        }

        ShortestWays run() {
            for (int node = 0; node < program.nodes(); node++) {
                collect(node);
            }
            while (!queue.isEmpty()) {
                long[] entry = queue.poll();
                int node = (int) entry[1];
                if (!done[node]) {
                    done[node] = true;
                    budget.spend(1);
                    for (int link = firstLink[node]; link >= 0; link = nextWay[link]) {
                        offer(linkWay[link]);
                    }
                }
            }
            for (int node = 0; node < tokens.length; node++) {
                tokens[node] = done[node] ? tokens[node] : NONE;
            }
            return new ShortestWays(tokens, depths, program);
        }

        private void collect(int node) {
            int[] operands = program.operands()[node];
            switch (program.kinds()[node]) {
                case Program.END -> {
                    tokens[node] = 0;
                    queue.add(new long[] {0, node});
                }
                case Program.SPLIT -> {
                    for (int target : operands) {
                        way(node, -1, 0, target);
                    }
                }
                case Program.CALL -> way(node, operands[0], 1, operands[1]);
                case Program.LOOP -> way(node, operands[0], operands[1], operands[3]);
                case Program.SPECIAL -> way(node, -1, 1, operands[1]);
                default -> bytes(node, operands);
            }
        }

        private void bytes(int node, int[] operands) {
            for (int i = 0; i < operands.length; i += 3) {
                if (index.hasByte(operands[i], operands[i + 1])) {
                    way(node, -1, 1, operands[i + 2]);
                }
                if (operands[i] == operands[i + 1]) {
                    stretch(node, operands[i], operands[i + 2]);
                }
            }
        }

        /** Tokens of more than one byte along the only way. */
        private void stretch(int node, int firstByte, int second) {
            TokenTrie trie = index.all();
            int at = trie.top(firstByte);
            int reached = second;
            while (at >= 0 && program.kinds()[reached] == Program.BYTES) {
                int[] operands = program.operands()[reached];
                if (operands.length != 3 || operands[0] != operands[1]) {
                    return;
                }
                at = child(trie, at + 1, trie.skip(at), operands[0]);
                reached = operands[2];
                if (at >= 0 && trie.token(at) >= 0) {
                    way(node, -1, 1, reached);
                }
            }
        }

        private int child(TokenTrie trie, int from, int to, int label) {
            budget.spend(1);
            for (int node = from; node < to; node = trie.skip(node)) {
                if (trie.label(node) == label) {
                    return node;
                }
            }
            return -1;
        }

        private void way(int from, int rule, int cost, int to) {
            budget.spend(1);
            if (ways == wayTo.length) {
                wayTo = Arrays.copyOf(wayTo, ways * 2);
                wayRule = Arrays.copyOf(wayRule, ways * 2);
                wayFrom = Arrays.copyOf(wayFrom, ways * 2);
                wayCost = Arrays.copyOf(wayCost, ways * 2);
            }
            wayFrom[ways] = from;
            wayRule[ways] = rule < 0 ? -1 : program.starts()[rule];
            wayCost[ways] = cost;
            wayTo[ways] = to;
            link(to, ways);
            if (rule >= 0) {
                link(wayRule[ways], ways);
            }
            ways++;
        }

        private void link(int node, int way) {
            if (links == linkWay.length) {
                linkWay = Arrays.copyOf(linkWay, links * 2);
                nextWay = Arrays.copyOf(nextWay, links * 2);
            }
            linkWay[links] = way;
            nextWay[links] = firstLink[node];
            firstLink[node] = links++;
        }

        private void offer(int way) {
            int to = wayTo[way];
            int rule = wayRule[way];
            if (!done[to] || rule >= 0 && !done[rule]) {
                return;
            }
            long cost = rule < 0 ? wayCost[way] + (long) tokens[to] : wayCost[way] * (long) tokens[rule] + tokens[to];
            int from = wayFrom[way];
            if (!done[from] && cost < tokens[from]) {
                tokens[from] = (int) cost;
                depths[from] = rule < 0 ? depths[to] : Math.max(1 + depths[rule], depths[to]);
                queue.add(new long[] {cost, from});
            }
        }
    }
}
