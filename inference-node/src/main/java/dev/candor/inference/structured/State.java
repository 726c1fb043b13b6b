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
    /** Frames below a key that is being written; -1 if there is none. */
    final int keyDepth;
    /** How many names that key may still become. */
    final int keyRoom;
    /** Frames below an object that may open here; -1 if none may. */
    final int opens;
    /** By class of bytes; null where it is not known yet. */
    final State[] next;

    Mask mask;

    State(List<Reading> readings, Program program, int wholeEnd, int classes, int generation) {
        this.readings = readings;
        this.generation = generation;
        this.next = new State[classes];
        int least = ShortestWays.NONE;
        boolean ends = false;
        int key = -1;
        int opening = -1;
        long room = 0;
        for (Reading reading : readings) {
            least = Math.min(least, reading.tokens());
            ends |= reading.node() == wholeEnd;
            int depth = reading.frame() == null ? 0 : reading.frame().depth;
            if (program.keyRoom()[reading.node()] > 0) {
                key = key < 0 ? depth : key;
                room = Math.min(Integer.MAX_VALUE, room + program.keyRoom()[reading.node()]);
            }
            opening = opening < 0 && program.opens()[reading.node()] ? depth : opening;
        }
        this.keyDepth = key;
        this.keyRoom = (int) room;
        this.opens = opening;
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
