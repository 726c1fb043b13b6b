package dev.candor.inference.structured;

import dev.candor.inference.engine.sampling.TokenConstraint;
import dev.candor.inference.structured.State.Mask;
import dev.candor.inference.text.TokenBytes;
import java.util.Arrays;
import java.util.concurrent.locks.Lock;

/** Follows one sequence through an automaton that many share. */
final class AutomatonConstraint implements TokenConstraint {
    private final LazyAutomaton automaton;
    private final Masks masks;
    private final TokenIndex index;
    private final Lock lock;
    private State state;
    private boolean begun;
    private boolean ended;
    private boolean landed;

    AutomatonConstraint(LazyAutomaton automaton, Masks masks, TokenIndex index, Lock lock, State start) {
        this.automaton = automaton;
        this.masks = masks;
        this.index = index;
        this.lock = lock;
        this.state = start;
    }

    @Override
    public long[] allowed(int tokensLeft) {
        lock.lock();
        try {
            automaton.trim();
            state = automaton.current(state);
            Mask mask = masks.of(state);
            long[] bits = mask.bits();
            if (mask.worst() > tokensLeft - 1) {
                long[] within = masks.within(state, tokensLeft - 1);
                if (!Arrays.equals(bits, within) && !isEmpty(within)) {
                    landed = true;
                    bits = within;
                }
            }
            return begun || !index.vocabulary().firstSpaceVanishes() ? bits : withoutFirstSpace(bits);
        } finally {
            lock.unlock();
        }
    }

    private static boolean isEmpty(long[] bits) {
        return Arrays.stream(bits).allMatch(word -> word == 0);
    }

    // A space that the decoder drops would be missing in the text.
    private long[] withoutFirstSpace(long[] bits) {
        long[] kept = bits.clone();
        TokenBytes vocabulary = index.vocabulary();
        for (int token = 0; token < vocabulary.size(); token++) {
            byte[] bytes = vocabulary.bytes(token);
            if (bytes.length > 0 && bytes[0] == ' ') {
                kept[token / Long.SIZE] &= ~(1L << token);
            }
        }
        return isEmpty(kept) ? bits : kept;
    }

    @Override
    public void accept(int token) {
        lock.lock();
        try {
            State next = ended ? null : after(token);
            if (next == null) {
                throw new IllegalArgumentException("token " + token + " is not allowed here");
            }
            state = next;
            begun = true;
        } finally {
            lock.unlock();
        }
    }

    private State after(int token) {
        State from = automaton.current(state);
        State special = automaton.nextSpecial(from, token);
        if (!special.dead) {
            return special;
        }
        if (index.ends(token)) {
            ended = from.accepting;
            return from.accepting ? from : null;
        }
        byte[] bytes = index.vocabulary().bytes(token);
        State at = bytes.length == 0 ? null : from;
        for (int i = 0; at != null && i < bytes.length; i++) {
            State next = automaton.next(at, bytes[i] & 0xFF);
            at = next.dead ? null : next;
        }
        return at;
    }

    @Override
    public boolean complete() {
        return ended || state.accepting && state.readings.size() == 1;
    }

    @Override
    public boolean landed() {
        return landed;
    }
}
