package dev.candor.inference.structured;

import java.util.Objects;

/**
 * What is to be done when the rule that is running ends: to go on behind a call, or to go round a loop. Immutable; equal by content.
 */
final class Frame {
    final int node;
    /** Rounds of a loop that must still come behind the running one. */
    final int need;
    /** Rounds that may; {@link Integer#MAX_VALUE} for no limit. */
    final int left;
    final Frame parent;
    /** Tokens that are enough for all that comes behind the running rule. */
    final int tokens;
    final int depth;
    private final int hash;

    Frame(int node, int need, int left, Frame parent, int tokens) {
        this.node = node;
        this.need = need;
        this.left = left;
        this.parent = parent;
        this.tokens = tokens;
        this.depth = parent == null ? 1 : parent.depth + 1;
        this.hash = 31 * (31 * (31 * node + need) + left) + (parent == null ? 0 : parent.hash);
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof Frame that
                && hash == that.hash && node == that.node && need == that.need && left == that.left && Objects.equals(parent, that.parent);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
