package dev.candor.inference.structured;

import java.util.Objects;

/**
 * One way to read a text so far: a node that waits for a byte or a special token, or the end of the whole ({@code node} of kind
 * {@link Program#END}), and what comes behind its rule.
 */
record Reading(int node, Frame frame, int tokens) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Reading that && node == that.node && Objects.equals(frame, that.frame);
    }

    @Override
    public int hashCode() {
        return 31 * node + Objects.hashCode(frame);
    }
}
