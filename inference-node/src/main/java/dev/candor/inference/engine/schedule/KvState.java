package dev.candor.inference.engine.schedule;

/** What of a sequence is in the KV cache, where, and how it got there. */
final class KvState {
    private static final int NO_SUSPECT = -1;

    private int slot;
    private int computed;
    private int cached;
    private int savedBlocks;
    private boolean exact = true;
    private boolean proven;
    private boolean resumed;
    private boolean gaveWay;
    private int suspectUntil = NO_SUSPECT;

    int slot() {
        return slot;
    }

    void moveTo(int newSlot) {
        slot = newSlot;
    }

    /** Tokens whose keys and values are in the slot. */
    int computed() {
        return computed;
    }

    /** A prefill has computed further tokens. */
    void prefilled(int tokens) {
        computed += tokens;
    }

    /** A step has computed a token more. @param exactly whether to the bits of a prefill */
    void decoded(boolean exactly) {
        computed++;
        exact &= exactly;
        proven = true;
        if (computed > suspectUntil) {
            suspectUntil = NO_SUSPECT;
        }
    }

    /** Further tokens were taken from the prefix cache. */
    void restored(int tokens) {
        computed += tokens;
        if (!resumed) {
            cached += tokens;
        }
    }

    /** Prompt tokens that needed no prefill when the sequence began. */
    int cached() {
        return cached;
    }

    /** Whether all that was ever computed has the bits of a prefill. */
    boolean exact() {
        return exact;
    }

    /** Blocks that the prefix cache was offered. */
    int savedBlocks() {
        return savedBlocks;
    }

    void saved(int blocks) {
        savedBlocks = blocks;
    }

    /** The slot is given up; the sequence is to be computed again. */
    void lost() {
        computed = 0;
        savedBlocks = 0;
        proven = false;
        resumed = true;
    }

    boolean resumed() {
        return resumed;
    }

    /** A run failed that this sequence was part of: until it is past the token it was at, it may be the reason. */
    void suspect() {
        suspectUntil = computed;
    }

    boolean isSuspect() {
        return suspectUntil != NO_SUSPECT;
    }

    /** Whether a step with it has succeeded since it joined. */
    boolean proven() {
        return proven;
    }

    /** Whether it has left its place to a sequence of higher priority before, and will not again. */
    boolean gaveWay() {
        return gaveWay;
    }

    void giveWay() {
        gaveWay = true;
    }
}
