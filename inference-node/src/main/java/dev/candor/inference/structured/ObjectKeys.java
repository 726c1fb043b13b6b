package dev.candor.inference.structured;

import java.util.HashSet;
import java.util.Set;

/**
 * The keys that the open objects of a text have so far, as far as they come from outside of a schema, and the one that is being written.
 * An automaton cannot know them, for there are too many. Immutable.
 */
final class ObjectKeys {
    static final ObjectKeys NONE = new ObjectKeys(null, null);

    private final Level top;
    /** Bytes of the key that is being written, one a character; null outside of keys. */
    private final String written;

    private ObjectKeys(Level top, String written) {
        this.top = top;
        this.written = written;
    }

    /** One object's keys; those of the objects around it are {@code below}. */
    private record Level(int depth, Set<String> keys, Level below) {}

    /** Whether there is any. */
    boolean any() {
        return top != null;
    }

    /** Whether a byte completes a key that its object has already, or leaves the key nothing else to become. */
    boolean repeats(State from, int b, State to) {
        if (from.keyDepth < 0 || written == null) {
            return false;
        }
        Level level = at(from.keyDepth, top);
        if (level == null || level.depth != from.keyDepth) {
            return false;
        }
        if (to.keyDepth < 0) {
            return level.keys.contains(written);
        }
        String longer = written + (char) b;
        return to.keyRoom < Integer.MAX_VALUE && level.keys.stream().filter(key -> key.startsWith(longer)).count() >= to.keyRoom;
    }

    /** With a byte more. */
    ObjectKeys after(State from, int b, State to) {
        Level levels = b == '{' && from.opens >= 0 ? at(from.opens - 1, top) : top;
        if (from.keyDepth >= 0 && written != null) {
            return to.keyDepth >= 0 ? new ObjectKeys(levels, written + (char) b) : new ObjectKeys(with(levels, from.keyDepth), null);
        }
        if (to.keyDepth >= 0) {
            return new ObjectKeys(levels, "");
        }
        return levels == top && written == null ? this : new ObjectKeys(levels, null);
    }

    /** The levels no deeper than so many frames. */
    private static Level at(int depth, Level from) {
        Level level = from;
        while (level != null && level.depth > depth) {
            level = level.below;
        }
        return level;
    }

    private Level with(Level levels, int depth) {
        Level level = at(depth, levels);
        boolean known = level != null && level.depth == depth;
        Set<String> keys = known ? new HashSet<>(level.keys) : new HashSet<>();
        keys.add(written);
        return new Level(depth, keys, known ? level.below : level);
    }
}
