package dev.candor.inference.text.jinja;

/** What one rendering may still spend. Not thread-safe: one per rendering. */
final class Budget {
    private static final int ENTRY_CHARS = 8;
    private static final int CHARS_PER_STEP_SHIFT = 6;

    private final JinjaLimits limits;
    private long steps;
    private long allocated;
    private long output;
    private int depth;

    Budget(JinjaLimits limits) {
        this.limits = limits;
    }

    JinjaLimits limits() {
        return limits;
    }

    void step() {
        if (++steps > limits.steps()) {
            throw new JinjaError("needs more than " + limits.steps() + " evaluation steps");
        }
    }

    /** Accounts for reading {@code chars} characters. */
    void scan(long chars) {
        steps += chars >> CHARS_PER_STEP_SHIFT;
        step();
    }

    /** Accounts, before they are made, for {@code chars} characters of a new string. */
    void allocate(long chars) {
        allocated += chars;
        if (allocated > limits.allocatedChars() || allocated < 0) {
            throw new JinjaError("needs more than " + limits.allocatedChars() + " characters of memory");
        }
        scan(chars);
    }

    /** Accounts for {@code entries} entries of a new list or dict. */
    void allocateEntries(long entries) {
        if (entries > limits.allocatedChars()) {
            throw new JinjaError("a list of " + entries + " entries is too long");
        }
        allocate(entries * ENTRY_CHARS);
    }

    void emit(long chars) {
        output += chars;
        if (output > limits.outputChars()) {
            throw new JinjaError("renders more than " + limits.outputChars() + " characters");
        }
    }

    void enter() {
        step();
        if (++depth > limits.depth()) {
            throw new JinjaError("is nested more than " + limits.depth() + " levels deep");
        }
    }

    void leave() {
        depth--;
    }
}
