package dev.candor.inference.structured;

import dev.candor.inference.engine.sampling.TokenConstraint;
import java.util.concurrent.locks.ReentrantLock;

/** A grammar as an automaton over the vocabulary of one model. */
final class CompiledAutomaton implements CompiledConstraint {
    /** Bytes of a shortest text along which masks are made before the first sequence needs them. */
    private static final int WARM_BYTES = 256;

    private static final int BYTES = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final LazyAutomaton automaton;
    private final Masks masks;
    private final TokenIndex index;
    private final int minTokens;

    CompiledAutomaton(LazyAutomaton automaton, TokenIndex index) {
        this.automaton = automaton;
        this.index = index;
        this.masks = new Masks(automaton, index);
        this.minTokens = automaton.start().tokens;
        warm();
    }

    private void warm() {
        State state = automaton.start();
        for (int i = 0; i < WARM_BYTES && !state.dead; i++) {
            masks.of(state);
            state = nearest(state);
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
