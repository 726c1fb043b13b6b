package dev.candor.inference.structured;

import dev.candor.inference.structured.State.Mask;
import dev.candor.inference.structured.TokenIndex.Slice;

/** Finds which tokens may follow a state, by walking through the tree of tokens. Not thread-safe. */
final class Masks {
    private final LazyAutomaton automaton;
    private final TokenIndex index;
    private final State[] path;

    Masks(LazyAutomaton automaton, TokenIndex index) {
        this.automaton = automaton;
        this.index = index;
        this.path = new State[index.all().longest() + 1];
    }

    /** All tokens that may follow; kept with the state. */
    Mask of(State state) {
        if (state.mask == null) {
            State simple = automaton.simplified(state, index.all().longest());
            if (simple == state) {
                state.mask = walk(state, ShortestWays.NONE);
                automaton.account((long) Long.BYTES * index.words());
            } else {
                Mask mask = of(simple);
                state.mask = new Mask(mask.bits(), mask.worst() + state.tokens - simple.tokens);
            }
        }
        return state.mask;
    }

    /** The tokens behind which so many more are enough. */
    long[] within(State state, int tokens) {
        return walk(state, tokens).bits();
    }

    private Mask walk(State state, int limit) {
        Cover cover = cover(state, limit);
        Slice slice = cover == null ? null : index.slice(cover.characters);
        long[] bits = slice == null ? new long[index.words()] : slice.mask().clone();
        int worst = slice == null ? 0 : cover.tokens;
        worst = Math.max(worst, descend(state, slice == null ? index.all() : slice.others(), limit, bits));
        worst = Math.max(worst, specials(state, limit, bits));
        if (state.accepting) {
            for (int end : index.endTokens()) {
                set(bits, end);
            }
        }
        return new Mask(bits, worst);
    }

    private int descend(State state, TokenTrie trie, int limit, long[] bits) {
        int worst = 0;
        int nodes = trie.nodes();
        path[0] = state;
        int node = 0;
        while (node < nodes) {
            int depth = trie.depth(node);
            State next = automaton.next(path[depth - 1], trie.label(node));
            if (next.dead) {
                node = trie.skip(node);
                continue;
            }
            path[depth] = next;
            int token = trie.token(node);
            if (token >= 0 && next.tokens <= limit) {
                worst = Math.max(worst, next.tokens);
                for (; token >= 0; token = trie.next(token)) {
                    set(bits, token);
                }
            }
            node++;
        }
        return worst;
    }

    /** The same tokens without those that would complete a key which its object has already. */
    long[] withoutRepeated(long[] bits, State state, ObjectKeys keys) {
        long[] kept = bits.clone();
        // Text without a quote completes no key; where only few names are left it may still lead into one that is taken.
        TokenTrie trie = state.keyDepth >= 0 && state.keyRoom < Integer.MAX_VALUE ? index.all() : index.quoted();
        ObjectKeys[] along = new ObjectKeys[path.length];
        path[0] = state;
        along[0] = keys;
        int node = 0;
        while (node < trie.nodes()) {
            int depth = trie.depth(node);
            int label = trie.label(node);
            State next = automaton.next(path[depth - 1], label);
            if (next.dead) {
                node = trie.skip(node);
            } else if (along[depth - 1].repeats(path[depth - 1], label, next)) {
                clear(kept, trie, node);
                node = trie.skip(node);
            } else {
                path[depth] = next;
                along[depth] = along[depth - 1].after(path[depth - 1], label, next);
                node++;
            }
        }
        return kept;
    }

    private static void clear(long[] bits, TokenTrie trie, int top) {
        for (int node = top; node < trie.skip(top); node++) {
            for (int token = trie.token(node); token >= 0; token = trie.next(token)) {
                bits[token / Long.SIZE] &= ~(1L << token);
            }
        }
    }

    private int specials(State state, int limit, long[] bits) {
        int worst = 0;
        Program program = automaton.program();
        for (Reading reading : state.readings) {
            if (program.kinds()[reading.node()] == Program.SPECIAL) {
                int token = program.operands()[reading.node()][0];
                State next = automaton.nextSpecial(state, token);
                if (!next.dead && next.tokens <= limit) {
                    worst = Math.max(worst, next.tokens);
                    set(bits, token);
                }
            }
        }
        return worst;
    }

    private static void set(long[] bits, int token) {
        if (token >= 0 && token / Long.SIZE < bits.length) {
            bits[token / Long.SIZE] |= 1L << token;
        }
    }

    /** Plain text that may follow: how much, and how many tokens are enough behind it. */
    private record Cover(int characters, int tokens) {}

    private Cover cover(State state, int limit) {
        Cover best = null;
        Program program = automaton.program();
        for (Reading reading : state.readings) {
            int text = program.text()[reading.node()];
            if (text != 0) {
                int left = text == Program.UNIT ? reading.frame().left : text;
                int characters = text == Program.UNIT && left < Integer.MAX_VALUE ? left + 1 : left;
                int tokens = automaton.mostTokens(reading);
                if (tokens <= limit && (best == null || characters > best.characters)) {
                    best = new Cover(characters, tokens);
                }
            }
        }
        return best;
    }
}
