package dev.candor.inference.structured;

import dev.candor.inference.engine.sampling.TokenConstraint;
import java.util.concurrent.locks.ReentrantLock;

/** A grammar as an automaton over the vocabulary of one model. */
final class CompiledAutomaton implements CompiledConstraint {
    /** Bytes of a shortest text along which masks are made before the first sequence needs them. */
    private static final int WARM_BYTES = 256;

    private static final int BYTES = 256;
    private static final int NODE_BYTES = 100;

    private final ReentrantLock lock = new ReentrantLock();
    private final LazyAutomaton automaton;
    private final Masks masks;
    private final TokenIndex index;
    private final int minTokens;

    /** @throws WorkBudget.LimitException if a mask takes more readings than {@code maskReadings} */
    CompiledAutomaton(LazyAutomaton automaton, TokenIndex index, int maskReadings) {
        this.automaton = automaton;
        this.index = index;
        this.masks = new Masks(automaton, index);
        this.minTokens = automaton.start().tokens;
        warm(maskReadings);
    }

    private void warm(int maskReadings) {
        State state = automaton.start();
        for (int i = 0; i < WARM_BYTES && !state.dead; i++) {
            long before = automaton.made();
            masks.of(state);
            if (automaton.made() - before > maskReadings) {
                throw new WorkBudget.LimitException("too many of its alternatives begin with the same text: let them differ in their first property,"
                        + " or leave out their maxLength");
            }
            state = nearest(state);
        }
    }

    /** What it takes, about. */
    long bytes() {
        lock.lock();
        try {
            return (long) NODE_BYTES * automaton.program().nodes() + automaton.bytes();
        } finally {
            lock.unlock();
        }
    }

    private State nearest(State state) {
        State nearest = automaton.next(state, 0);
        for (int b = 1; b < BYTES; b++) {
            State next = automaton.next(state, b);
            if (!next.dead && (nearest.dead || next.tokens < nearest.tokens)) {
                nearest = next;
            }
        }
        return nearest;
    }

    @Override
    public TokenConstraint start() {
        lock.lock();
        try {
            return new AutomatonConstraint(automaton, masks, index, lock, automaton.start());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int minTokens() {
        return minTokens;
    }
}
