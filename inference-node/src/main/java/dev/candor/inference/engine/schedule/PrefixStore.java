package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.cache.BlockChain;
import dev.candor.inference.engine.cache.PrefixCache;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Carries blocks between slots and the prefix cache. Only what a prefill computed, or would compute to the same bits, goes in; and what
 * comes out leaves at least two tokens to a prefill, because attention over one token may round differently.
 */
final class PrefixStore {
    private static final int BLOCK = BlockChain.BLOCK;
    private static final int LEAST_PREFILL = 2;

    private final ModelRunner runner;
    private final PrefixCache cache;
    private final KvMemory memory;
    private final SlotTable table;
    private final Counters counters;

    PrefixStore(ModelRunner runner, PrefixCache cache, KvMemory memory, SlotTable table, Counters counters) {
        this.runner = runner;
        this.cache = cache;
        this.memory = memory;
        this.table = table;
        this.counters = counters;
    }

    /** How far {@link #restore} has come. */
    enum Restored {
        ALL,
        /** There may be more; others are to have their turn first. */
        SOME,
        /** The sequence has to give its place up. */
        NO_MEMORY
    }

    /** Puts what is kept of a staged sequence's next blocks into its slot, so many at most. */
    Restored restore(Sequence sequence, int most) {
        int before = sequence.kv().computed();
        Restored restored = blocks(sequence, before + (long) most * BLOCK);
        if (sequence.kv().computed() > before) {
            cache.touch(sequence.chain(), sequence.tokens(), sequence.kv().computed() / BLOCK);
        }
        return restored;
    }

    private Restored blocks(Sequence sequence, long until) {
        KvState kv = sequence.kv();
        if (kv.computed() == 0 && !kv.resumed()) {
            counters.looked(sequence.promptLength());
        }
        while (kv.computed() % BLOCK == 0 && kv.computed() + BLOCK + LEAST_PREFILL <= sequence.prefillTarget()) {
            if (kv.computed() == until) {
                return Restored.SOME;
            }
            int block = kv.computed() / BLOCK;
            if (!cache.holds(sequence.chain(), sequence.tokens(), block)) {
                return Restored.ALL;
            }
            if (!table.grow(sequence, kv.computed() + BLOCK)) {
                return Restored.NO_MEMORY;
            }
            Optional<MemorySegment> kept = cache.find(sequence.chain(), sequence.tokens(), block);
            if (kept.isEmpty()) {
                return Restored.ALL;
            }
            runner.restoreKv(kv.slot(), kv.computed(), kv.computed() + BLOCK, kept.get());
            kv.restored(BLOCK);
            kv.saved(block + 1);
            if (!kv.resumed()) {
                counters.hit(BLOCK);
            }
        }
        return Restored.ALL;
    }

    /** Keeps the whole blocks of a sequence that are not kept yet, where they may be. */
    void save(Sequence sequence) {
        KvState kv = sequence.kv();
        int whole = kv.computed() / BLOCK;
        if (!kv.exact() || whole == kv.savedBlocks()) {
            return;
        }
        for (int block = kv.savedBlocks(); block < whole; block++) {
            if (!cache.holds(sequence.chain(), sequence.tokens(), block) && memory.roomForCache()) {
                runner.saveKv(kv.slot(), block * BLOCK, (block + 1) * BLOCK, cache.add(sequence.chain(), sequence.tokens(), block));
            }
        }
        memory.noteCache();
        kv.saved(whole);
        cache.touch(sequence.chain(), sequence.tokens(), whole);
    }
}
