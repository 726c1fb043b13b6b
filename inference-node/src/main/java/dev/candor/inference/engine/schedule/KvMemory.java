package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.cache.BlockChain;
import dev.candor.inference.engine.cache.PrefixCache;

/**
 * The account of keys and values, in blocks of {@link BlockChain#BLOCK} tokens: what slots have touched and what the prefix cache keeps
 * never exceed the total. Slots keep the memory of sequences that have left until it is needed. The engine's
 * thread alone changes it; any may read.
 */
final class KvMemory {
    private final ModelRunner runner;
    private final PrefixCache cache;
    private final int total;
    private final int[] touched;
    private final int[] live;
    private volatile int liveBlocks;
    private volatile int cachedBlocks;
    private volatile int touchedBlocks;

    /** @param total blocks of slots and cache together */
    KvMemory(ModelRunner runner, PrefixCache cache, int total) {
        this.runner = runner;
        this.cache = cache;
        this.total = total;
        int slots = runner.info().slots() + runner.stagingSlots();
        this.touched = new int[slots];
        this.live = new int[slots];
    }

    static int blocks(int tokens) {
        return (tokens + BlockChain.BLOCK - 1) / BlockChain.BLOCK;
    }

    /** Makes room for a slot's first {@code tokens}. @return false if others hold too much */
    boolean reserve(int slot, int tokens) {
        int blocks = blocks(tokens);
        if (blocks > touched[slot]) {
            if (!free(blocks - touched[slot])) {
                return false;
            }
            touchedBlocks += blocks - touched[slot];
            touched[slot] = blocks;
        }
        setLive(slot, Math.max(live[slot], blocks));
        return true;
    }

    /** Only a slot's first {@code tokens} are needed any more. */
    void keep(int slot, int tokens) {
        setLive(slot, blocks(tokens));
    }

    /** Nothing of a slot is needed, and nothing must remain in it. */
    void scrub(int slot) {
        setLive(slot, 0);
        trim(slot);
    }

    private void setLive(int slot, int blocks) {
        liveBlocks += blocks - live[slot];
        live[slot] = blocks;
    }

    /** Makes room for one block more in the cache. @return false if there is none */
    boolean roomForCache() {
        return cache.capacity() > 0 && (cache.size() == cache.capacity() || free(1));
    }

    private boolean free(int blocks) {
        if (unused() >= blocks) {
            return true;
        }
        for (int slot = 0; slot < touched.length; slot++) {
            if (touched[slot] > live[slot]) {
                trim(slot);
            }
        }
        while (unused() < blocks && cache.dropOldest()) {
            noteCache();
        }
        return unused() >= blocks;
    }

    private void trim(int slot) {
        runner.trim(slot, live[slot] * BlockChain.BLOCK);
        touchedBlocks -= touched[slot] - live[slot];
        touched[slot] = live[slot];
    }

    private int unused() {
        return total - touchedBlocks - cache.size();
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
        return touchedBlocks + cachedBlocks;
    }

    /** The cache has changed. */
    void noteCache() {
        cachedBlocks = cache.size();
    }
}
