package dev.candor.inference.structured;

import java.util.List;

/** All readings of a text so far: a state of the automaton made deterministic. Guarded by the automaton's lock. */
final class State {
    final List<Reading> readings;
    final boolean accepting;
    /** Whether there is no way on and no end. */
    final boolean dead;
    /** Tokens that are enough to the nearest end. */
    final int tokens;
    final int generation;
    /** By class of bytes; null where it is not known yet. */
    final State[] next;

    Mask mask;

    State(List<Reading> readings, int endKindNode, int classes, int generation) {
        this.readings = readings;
        this.generation = generation;
        this.next = new State[classes];
        int least = ShortestWays.NONE;
        boolean ends = false;
        for (Reading reading : readings) {
            least = Math.min(least, reading.tokens());
            ends |= reading.node() == endKindNode;
        }
        this.tokens = least;
        this.accepting = ends;
        this.dead = readings.isEmpty();
    }

    /**
     * Tokens that may follow.
     *
     * @param bits  by id
     * @param worst tokens that are enough to the nearest end behind whichever of them
     */
    record Mask(long[] bits, int worst) {}
}
