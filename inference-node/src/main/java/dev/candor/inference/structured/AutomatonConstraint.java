package dev.candor.inference.structured;

import dev.candor.inference.engine.sampling.TokenConstraint;
import dev.candor.inference.structured.State.Mask;
import dev.candor.inference.text.TokenBytes;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/** Follows one sequence through an automaton that many share. */
final class AutomatonConstraint implements TokenConstraint {
    /** Tokens to make a key another one. */
    private static final int KEPT_BACK = 2;

    private final LazyAutomaton automaton;
    private final Masks masks;
    private final TokenIndex index;
    private final Lock lock;
    private State state;
    private ObjectKeys keys = ObjectKeys.NONE;
    private boolean begun;
    private boolean ended;
    private long[] unbounded;

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
            unbounded = null;
            long[] bits = keys.any() ? distinct(tokensLeft) : within(tokensLeft);
            return begun || !index.vocabulary().firstSpaceVanishes() ? bits : withoutFirstSpace(bits);
        } finally {
            lock.unlock();
        }
    }

    private long[] within(int tokensLeft) {
        Mask mask = masks.of(state);
        if (mask.worst() <= tokensLeft - 1) {
            return mask.bits();
        }
        long[] within = masks.within(state, tokensLeft - 1);
        if (isEmpty(within) || Arrays.equals(mask.bits(), within)) {
            return mask.bits();
        }
        unbounded = keys.any() ? masks.withoutRepeated(mask.bits(), state, keys) : mask.bits();
        return within;
    }

    // A key that is already there must get longer before it may end, for which some tokens are kept back; should all fail,
    // an object with a key twice is still JSON, and one that is cut off is not.
    private long[] distinct(int tokensLeft) {
        long[] roomy = masks.withoutRepeated(within(tokensLeft - KEPT_BACK), state, keys);
        if (!isEmpty(roomy) && state.tokens <= tokensLeft - KEPT_BACK) {
            return roomy;
        }
        long[] close = within(tokensLeft);
        long[] kept = masks.withoutRepeated(close, state, keys);
        return isEmpty(kept) ? close : kept;
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
        ObjectKeys now = keys;
        for (int i = 0; at != null && i < bytes.length; i++) {
            State next = automaton.next(at, bytes[i] & 0xFF);
            now = next.dead ? now : now.after(at, bytes[i] & 0xFF, next);
            at = next.dead ? null : next;
        }
        keys = at == null ? keys : now;
        return at;
    }

    @Override
    public boolean complete() {
        return ended || state.accepting && state.readings.size() == 1;
    }

    @Override
    public Optional<long[]> unbounded() {
        return Optional.ofNullable(unbounded);
    }
}
