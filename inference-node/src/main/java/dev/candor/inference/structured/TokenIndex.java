package dev.candor.inference.structured;

import dev.candor.inference.text.TokenBytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One model's vocabulary, made ready for masks. Most tokens are plain text, all of which is allowed inside of most strings; with the masks of
 * those, only the others need to be tried there. Immutable.
 */
final class TokenIndex {
    private static final int[] SLICE_CHARS = {Integer.MAX_VALUE, 12, 5};

    private final TokenBytes vocabulary;
    private final TokenTrie all;
    private final TokenTrie quoted;
    private final List<Slice> slices = new ArrayList<>();
    private final long[] endTokens;
    private final int[] ends;
    private final Map<Integer, Integer> byteTokens = new HashMap<>();

    /** @param endTokens ids that end a text */
    TokenIndex(TokenBytes vocabulary, int[] endTokens) {
        this.vocabulary = vocabulary;
        this.ends = endTokens.clone();
        this.endTokens = new long[words()];
        for (int id : endTokens) {
            if (id >= 0 && id < vocabulary.size()) {
                this.endTokens[id / Long.SIZE] |= 1L << id;
            }
        }
        this.all = TokenTrie.of(vocabulary, id -> !ends(id));
        this.quoted = TokenTrie.of(vocabulary, id -> !ends(id) && hasQuote(vocabulary.bytes(id)));
        byte[] chars = new byte[vocabulary.size()];
        for (int id = 0; id < chars.length; id++) {
            byte[] bytes = vocabulary.bytes(id);
            chars[id] = (byte) Math.min(PlainText.characters(bytes), Byte.MAX_VALUE);
            if (bytes.length == 1 && !ends(id)) {
                byteTokens.putIfAbsent(bytes[0] & 0xFF, id);
            }
        }
        for (int limit : SLICE_CHARS) {
            slices.add(slice(chars, limit));
        }
    }

    private static boolean hasQuote(byte[] bytes) {
        for (byte b : bytes) {
            if (b == '"') {
                return true;
            }
        }
        return false;
    }

    private Slice slice(byte[] chars, int limit) {
        long[] mask = new long[words()];
        for (int id = 0; id < chars.length; id++) {
            if (chars[id] > 0 && chars[id] <= limit && chars[id] < Byte.MAX_VALUE && !ends(id)) {
                mask[id / Long.SIZE] |= 1L << id;
            }
        }
        return new Slice(limit, mask, TokenTrie.of(vocabulary, id -> !ends(id) && (mask[id / Long.SIZE] >>> id & 1) == 0));
    }

    /** Length of a mask. */
    int words() {
        return (vocabulary.size() + Long.SIZE - 1) / Long.SIZE;
    }

    boolean ends(int token) {
        return token >= 0 && token < vocabulary.size() && (endTokens[token / Long.SIZE] >>> token & 1) == 1;
    }

    int[] endTokens() {
        return ends;
    }

    boolean hasByte(int first, int last) {
        for (int b = first; b <= last; b++) {
            if (byteTokens.containsKey(b)) {
                return true;
            }
        }
        return false;
    }

    TokenTrie all() {
        return all;
    }

    /** Tokens with a quote in them. */
    TokenTrie quoted() {
        return quoted;
    }

    TokenBytes vocabulary() {
        return vocabulary;
    }

    /** The largest slice of tokens that have at most so many characters; null if there is none. */
    Slice slice(int characters) {
        for (Slice slice : slices) {
            if (slice.characters() <= characters) {
                return slice;
            }
        }
        return null;
    }

    /**
     * Tokens that are plain text, whole characters that no JSON string needs to escape.
     *
     * @param characters of the longest
     * @param mask       of the tokens
     * @param others     all other tokens
     */
    record Slice(int characters, long[] mask, TokenTrie others) {}
}
