package dev.candor.inference.structured;

/**
 * What one compilation may still spend. Counted in steps and not in time, so that a grammar that compiles on one machine compiles on all.
 * Not thread-safe.
 */
final class WorkBudget {
    private final ConstraintLimits limits;
    private long steps;
    private int nodes;
    private int dfaStates;

    WorkBudget(ConstraintLimits limits) {
        this.limits = limits;
    }

    /** @throws LimitException if all is spent */
    void spend(long count) {
        steps += count;
        if (steps > limits.steps()) {
            throw new LimitException("compiling it takes more than " + limits.steps() + " steps: make it simpler");
        }
    }

    void node() {
        spend(1);
        if (++nodes > limits.nodes()) {
            throw new LimitException("it needs more than " + limits.nodes() + " automaton states: make it smaller, or its repetitions shorter");
        }
    }

    void dfaState() {
        spend(1);
        if (++dfaStates > limits.dfaStates()) {
            throw new LimitException("its patterns need more than " + limits.dfaStates()
                    + " automaton states: make their repetitions shorter, or limit lengths without a pattern");
        }
    }

    /** A compilation that became too large. */
    static final class LimitException extends RuntimeException {
        LimitException(String message) {
            super(message, null, false, false);
        }
    }
}
