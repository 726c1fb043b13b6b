package dev.candor.inference.structured;

import dev.candor.inference.text.TokenBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Tokens as a tree of their bytes, laid out in the order in which a search goes through it: a node's first child comes right behind it, and
 * {@link #skip} says where what is not below it goes on. Immutable.
 */
final class TokenTrie {
    /** Longer tokens are never allowed; vocabularies have none. */
    private static final int MAX_LENGTH = 1024;

    private final byte[] labels;
    private final short[] depths;
    private final int[] skips;
    private final int[] firsts;
    private final int[] same;
    private final int longest;
    private final int[] tops = new int[256];

    private TokenTrie(byte[] labels, short[] depths, int[] skips, int[] firsts, int[] same, int longest) {
        this.labels = labels;
        this.depths = depths;
        this.skips = skips;
        this.firsts = firsts;
        this.same = same;
        this.longest = longest;
        Arrays.fill(tops, -1);
        for (int node = 0; node < labels.length; node = skips[node]) {
            tops[labels[node] & 0xFF] = node;
        }
    }

    /** Of the tokens that have bytes and are wanted. */
    static TokenTrie of(TokenBytes vocabulary, IntPredicate wanted) {
        List<Integer> ids = new ArrayList<>();
        for (int id = 0; id < vocabulary.size(); id++) {
            int length = vocabulary.bytes(id).length;
            if (length > 0 && length <= MAX_LENGTH && wanted.test(id)) {
                ids.add(id);
            }
        }
        ids.sort((a, b) -> Arrays.compareUnsigned(vocabulary.bytes(a), vocabulary.bytes(b)));
        return new Layout(vocabulary, ids).build();
    }

    int nodes() {
        return labels.length;
    }

    /** The topmost node of a byte, -1 for none. */
    int top(int label) {
        return tops[label];
    }

    /** The byte that leads to a node, 0 to 255. */
    int label(int node) {
        return labels[node] & 0xFF;
    }

    /** How many bytes lead to a node; 1 for the topmost. */
    int depth(int node) {
        return depths[node];
    }

    /** The first node behind it that is not below it. */
    int skip(int node) {
        return skips[node];
    }

    /** The lowest token that ends at a node, -1 for none. */
    int token(int node) {
        return firsts[node];
    }

    /** The next token of the same bytes, -1 for none. */
    int next(int token) {
        return same[token];
    }

    /** Bytes of the longest token. */
    int longest() {
        return longest;
    }

    /** Puts sorted tokens into their places. */
    private static final class Layout {
        private final TokenBytes vocabulary;
        private final List<Integer> ids;
        private final byte[] labels;
        private final short[] depths;
        private final int[] skips;
        private final int[] firsts;
        private final int[] same;
        private final int[] open = new int[MAX_LENGTH + 1];
        private int size;
        private int longest;

        Layout(TokenBytes vocabulary, List<Integer> ids) {
            this.vocabulary = vocabulary;
            this.ids = ids;
            int bytes = 0;
            byte[] before = {};
            for (int id : ids) {
                bytes += vocabulary.bytes(id).length - shared(before, vocabulary.bytes(id));
                before = vocabulary.bytes(id);
            }
            this.labels = new byte[bytes];
            this.depths = new short[bytes];
            this.skips = new int[bytes];
            this.firsts = new int[bytes];
            this.same = new int[vocabulary.size()];
            Arrays.fill(firsts, -1);
            Arrays.fill(same, -1);
        }

        private static int shared(byte[] a, byte[] b) {
            int mismatch = Arrays.mismatch(a, b);
            return mismatch < 0 ? a.length : mismatch;
        }

        TokenTrie build() {
            byte[] before = {};
            int last = -1;
            for (int id : ids) {
                byte[] bytes = vocabulary.bytes(id);
                int shared = shared(before, bytes);
                if (shared == bytes.length) {
                    same[last] = id;
                } else {
                    close(before.length, shared);
                    for (int i = shared; i < bytes.length; i++) {
                        open[i + 1] = size;
                        labels[size] = bytes[i];
                        depths[size++] = (short) (i + 1);
                    }
                    firsts[size - 1] = id;
                }
                last = id;
                longest = Math.max(longest, bytes.length);
                before = bytes;
            }
            close(before.length, 0);
            return new TokenTrie(labels, depths, skips, firsts, same, longest);
        }

        private void close(int from, int to) {
            for (int depth = from; depth > to; depth--) {
                skips[open[depth]] = size;
            }
        }
    }
}
