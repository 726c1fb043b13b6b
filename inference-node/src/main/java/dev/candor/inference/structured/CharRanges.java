package dev.candor.inference.structured;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** A set of Unicode code points other than surrogates, as sorted ranges that do not touch. Immutable. */
final class CharRanges {
    static final int LAST = Character.MAX_CODE_POINT;
    private static final int FIRST_SURROGATE = Character.MIN_SURROGATE;
    private static final int LAST_SURROGATE = Character.MAX_SURROGATE;

    static final CharRanges NONE = new CharRanges(new int[0]);
    static final CharRanges ALL = of(0, LAST);

    /** first, last, first, last… */
    private final int[] bounds;

    private CharRanges(int[] bounds) {
        this.bounds = bounds;
    }

    static CharRanges of(int first, int last) {
        return union(new int[] {first, last});
    }

    static CharRanges of(String chars) {
        int[] pairs = chars.codePoints().flatMap(c -> Arrays.stream(new int[] {c, c})).toArray();
        return union(pairs);
    }

    /** @param pairs first, last, first, last… in any order */
    static CharRanges union(int... pairs) {
        long[] sorted = new long[pairs.length / 2];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = (long) pairs[2 * i] << Integer.SIZE | pairs[2 * i + 1];
        }
        Arrays.sort(sorted);
        int[] merged = new int[pairs.length + 2];
        int size = 0;
        for (long pair : sorted) {
            int first = (int) (pair >> Integer.SIZE);
            int last = (int) pair;
            if (size > 0 && first <= merged[size - 1] + 1) {
                merged[size - 1] = Math.max(merged[size - 1], last);
            } else {
                merged[size++] = first;
                merged[size++] = last;
            }
        }
        return withoutSurrogates(Arrays.copyOf(merged, size));
    }

    private static CharRanges withoutSurrogates(int[] bounds) {
        int[] kept = new int[bounds.length + 2];
        int size = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            int first = bounds[i];
            int last = bounds[i + 1];
            if (first < FIRST_SURROGATE) {
                kept[size++] = first;
                kept[size++] = Math.min(last, FIRST_SURROGATE - 1);
            }
            if (last > LAST_SURROGATE) {
                kept[size++] = Math.max(first, LAST_SURROGATE + 1);
                kept[size++] = last;
            }
        }
        return new CharRanges(Arrays.copyOf(kept, size));
    }

    static CharRanges matching(IntPredicate predicate) {
        int[] pairs = new int[16];
        int size = 0;
        int first = -1;
        for (int c = 0; c <= LAST + 1; c++) {
            boolean in = c <= LAST && predicate.test(c);
            if (in && first < 0) {
                first = c;
            } else if (!in && first >= 0) {
                pairs = size == pairs.length ? Arrays.copyOf(pairs, size * 2) : pairs;
                pairs[size++] = first;
                pairs[size++] = c - 1;
                first = -1;
            }
        }
        return union(Arrays.copyOf(pairs, size));
    }

    CharRanges or(CharRanges other) {
        int[] both = Arrays.copyOf(bounds, bounds.length + other.bounds.length);
        System.arraycopy(other.bounds, 0, both, bounds.length, other.bounds.length);
        return union(both);
    }

    CharRanges not() {
        int[] gaps = new int[bounds.length + 2];
        int size = 0;
        int next = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i] > next) {
                gaps[size++] = next;
                gaps[size++] = bounds[i] - 1;
            }
            next = bounds[i + 1] + 1;
        }
        if (next <= LAST) {
            gaps[size++] = next;
            gaps[size++] = LAST;
        }
        return union(Arrays.copyOf(gaps, size));
    }

    CharRanges and(CharRanges other) {
        return not().or(other.not()).not();
    }

    int count() {
        return bounds.length / 2;
    }

    int first(int range) {
        return bounds[2 * range];
    }

    int last(int range) {
        return bounds[2 * range + 1];
    }

    boolean contains(int codePoint) {
        int low = 0;
        int high = count() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (codePoint < first(middle)) {
                high = middle - 1;
            } else if (codePoint > last(middle)) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    boolean isEmpty() {
        return bounds.length == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CharRanges that && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }
}
