package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.cache.BlockChain;
import dev.candor.inference.engine.cache.PrefixCache;

/**
 * The account of keys and values, in blocks of {@link BlockChain#BLOCK} tokens: what slots hold and what the prefix cache keeps
 * never exceed the total. What transcripts being scored hold is lent: it is taken away as soon as a sequence needs it. The engine's thread
 * alone changes it; any may read.
 */
final class KvMemory {
    private final ModelRunner runner;
    private final PrefixCache cache;
    private final int total;
    private final int[] held;
    private final int lentSlot;
    private volatile int liveBlocks;
    private volatile int cachedBlocks;

    /** @param total blocks of slots and cache together */
    KvMemory(ModelRunner runner, PrefixCache cache, int total) {
        this.runner = runner;
        this.cache = cache;
        this.total = total;
        int slots = runner.info().slots() + runner.stagingSlots();
        this.lentSlot = runner.scoringRows() > 0 ? runner.scoringSlot() : -1;
        this.held = new int[Math.max(slots, lentSlot + 1)];
    }

    static int blocks(int tokens) {
        return (tokens + BlockChain.BLOCK - 1) / BlockChain.BLOCK;
    }

    /** Makes room for a slot's first {@code tokens}, if need be with what is lent. @return false if others hold too much */
    boolean reserve(int slot, int tokens) {
        return reserveFree(slot, tokens) || slot != lentSlot && takeBack() && reserveFree(slot, tokens);
    }

    /** As {@link #reserve}, but without what is lent. */
    boolean reserveFree(int slot, int tokens) {
        int more = blocks(tokens) - held[slot];
        if (more > 0) {
            if (!free(more)) {
                return false;
            }
            held[slot] += more;
            liveBlocks += more;
        }
        return true;
    }

    /** Blocks that a prompt must find before it is begun: twice its own where it is copied when it joins, else one more than those, to grow into. */
    int toBegin(int tokens) {
        return runner.movesInPlace() ? blocks(tokens) + 1 : 2 * blocks(tokens);
    }

    /** Moves a slot's first {@code tokens} to an empty slot. @return false if that takes memory that others hold */
    boolean move(int from, int to, int tokens) {
        boolean inPlace = runner.movesInPlace();
        if (!inPlace && !reserve(to, tokens)) {
            return false;
        }
        runner.moveSlot(from, to, tokens);
        if (inPlace) {
            held[to] += held[from];
            held[from] = 0;
        }
        return true;
    }

    /** Gives a slot's memory back: nothing of it is needed any more. */
    void release(int slot) {
        runner.trim(slot, 0);
        liveBlocks -= held[slot];
        held[slot] = 0;
    }

    /** @return false if nothing was lent */
    private boolean takeBack() {
        boolean lent = lent() > 0;
        if (lent) {
            release(lentSlot);
        }
        return lent;
    }

    /** Blocks that transcripts being scored hold; none after they were taken away, and what they had computed is lost. */
    int lent() {
        return lentSlot < 0 ? 0 : held[lentSlot];
    }

    /** Blocks that sequences may come to hold beside those that do: the prefix cache's, and what is lent, among them. */
    int available() {
        return total - liveBlocks + lent();
    }

    /** Makes room for one block more in the cache. @return false if there is none */
    boolean roomForCache() {
        return cache.capacity() > 0 && (cache.size() == cache.capacity() || free(1));
    }

    private boolean free(int blocks) {
        while (unused() < blocks && cache.dropOldest()) {
            noteCache();
        }
        return unused() >= blocks;
    }

    private int unused() {
        return total - liveBlocks - cache.size();
    }

    int total() {
        return total;
    }

    /** Blocks that sequences at work need. */
    int liveBlocks() {
        return liveBlocks;
    }

    /** Blocks of the prefix cache, as of the last change that the engine's thread has {@link #noteCache() noted}. */
    int cachedBlocks() {
        return cachedBlocks;
    }

    /** Blocks that exist. */
    int usedBlocks() {
        return liveBlocks + cachedBlocks;
    }

    /** The cache has changed. */
    void noteCache() {
        cachedBlocks = cache.size();
    }
}
