package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.Priority;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Computes staged prompts, a chunk at a time. The prompt with the least left goes first, so that a short one does not wait for a long one;
 * every {@value #OLDEST_EVERY}th chunk is the oldest prompt's, so that a long one comes to its end. No chunk but that of a one-token
 * prompt is a single token, because attention over one token may round differently: so prompts come out the same however they are cut.
 */
final class Prefill {
    private static final int OLDEST_EVERY = 4;
    private static final int LEAST = 4;
    /** Copying a block takes about half a millisecond for a small model. */
    private static final int BLOCKS_BESIDE_DECODES = 8;
    private static final Comparator<Sequence> OLDEST = Comparator.comparingLong(Sequence::order);
    private static final Comparator<Sequence> SHORTEST =
            Comparator.comparing(Sequence::priority).thenComparingInt(Prefill::left).thenComparing(OLDEST);

    private final ModelRunner runner;
    private final SlotTable table;
    private final PrefixStore prefixes;
    private final Pace pace;
    private final Work work;
    private final LongSupplier nanoTime;
    private final Logits logits;
    private int chunks;

    Prefill(ModelRunner runner, SlotTable table, PrefixStore prefixes, Pace pace, Work work, Logits logits, LongSupplier nanoTime) {
        this.runner = runner;
        this.table = table;
        this.prefixes = prefixes;
        this.pace = pace;
        this.work = work;
        this.nanoTime = nanoTime;
        this.logits = logits;
    }

    /** Prompt tokens that a sequence still has to compute. */
    static int left(Sequence sequence) {
        return sequence.prefillTarget() - sequence.kv().computed();
    }

    /** Computes up to {@code budget} tokens of prompts. */
    void run(int budget) {
        int rest = budget;
        Optional<Sequence> next = pick();
        while (rest >= Math.min(LEAST, budget) && next.isPresent()) {
            rest -= advance(next.get(), rest);
            next = pick();
        }
    }

    private Optional<Sequence> pick() {
        List<Sequence> unfinished = table.staged().stream().filter(sequence -> left(sequence) > 0).toList();
        return unfinished.stream().min(chunks % OLDEST_EVERY == OLDEST_EVERY - 1 ? OLDEST : SHORTEST);
    }

    /** @return tokens computed */
    private int advance(Sequence sequence, int budget) {
        KvState kv = sequence.kv();
        PrefixStore.Restored restored = prefixes.restore(sequence, table.decoding() == 0 ? Integer.MAX_VALUE : BLOCKS_BESIDE_DECODES);
        if (restored == PrefixStore.Restored.SOME) {
            return budget;
        }
        int size = chunk(left(sequence), budget);
        if (restored == PrefixStore.Restored.NO_MEMORY || !table.grow(sequence, kv.computed() + size)) {
            table.putBack(sequence);
            return 0;
        }
        long begin = nanoTime.getAsLong();
        try {
            runner.prefill(kv.slot(), sequence.tokens(), kv.computed(), kv.computed() + size);
        } catch (ModelException | RuntimeException e) {
            sequence.fail(e);
            table.leave(sequence);
            return size;
        }
        pace.prefilled(size, nanoTime.getAsLong() - begin);
        chunks++;
        kv.prefilled(size);
        work.prefilled(sequence, size);
        finishChunk(sequence);
        return size;
    }

    private void finishChunk(Sequence sequence) {
        if (!logits.read(0)) {
            sequence.fail(Logits.notNumbers());
        } else {
            prefixes.save(sequence);
            if (left(sequence) == 0 && sequence.generated() == 0) {
                work.generated(sequence, 1);
                sequence.step(logits.values());
            }
        }
        if (sequence.over()) {
            table.leave(sequence);
        }
    }

    private static int chunk(int left, int budget) {
        if (left <= budget) {
            return left;
        }
        return left - budget == 1 ? budget - 1 : budget;
    }
}
