package dev.candor.inference.engine.ort;

import ai.onnxruntime.OrtEnvironment;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where each slot's keys and values are: a row of a {@link KvPool}. Slots that decode together are brought into as few pools as pays; pools are made
 * as sequences grow out of theirs, and freed when they are empty.
 */
final class KvCache implements AutoCloseable {
    /** A division is given up only for one that is better by this much, since changing it means copying. */
    private static final double WORTH_MOVING = 0.87;

    private final OrtEnvironment environment;
    private final KvShape shape;
    private final int slots;
    private final PoolPlan plan;
    private final KvPool[] pools;
    private final int[] rows;
    private final int[] written;
    private final boolean[] tainted;

    /** @param slots that decode; {@code others} come behind them */
    KvCache(OrtEnvironment environment, KvShape shape, int slots, int others) {
        this.environment = environment;
        this.shape = shape;
        this.slots = slots;
        this.plan = new PoolPlan(shape.baseCells(), slots);
        this.pools = new KvPool[slots + others];
        this.rows = new int[pools.length];
        this.written = new int[pools.length];
        this.tainted = new boolean[pools.length];
    }

    KvShape shape() {
        return shape;
    }

    boolean live(int slot) {
        return pools[slot] != null;
    }

    KvPool pool(int slot) {
        return pools[slot];
    }

    int row(int slot) {
        return rows[slot];
    }

    /** A run may have written values that are not numbers: they must not stay behind where another sequence's cache may be. */
    void taint(int slot) {
        tainted[slot] = true;
    }

    /**
     * Makes room for a slot's first {@code tokens}, keeping what is there.
     *
     * @param expected tokens that it will probably come to
     */
    void ensure(int slot, int tokens, int expected) {
        int length = KvShape.lengthFor(Math.max(tokens, Math.min(expected, shape.context())));
        if (pools[slot] == null) {
            put(slot, newPool(length));
        } else if (pools[slot].length() < tokens) {
            moveTo(slot, newPool(length));
        }
        written[slot] = Math.max(written[slot], tokens);
    }

    private KvPool newPool(int length) {
        return new KvPool(environment, shape, slots, length);
    }

    private void put(int slot, KvPool pool) {
        pools[slot] = pool;
        rows[slot] = pool.add(slot);
    }

    private void moveTo(int slot, KvPool target) {
        KvPool from = pools[slot];
        int fromRow = rows[slot];
        put(slot, target);
        target.moveRow(rows[slot], from, fromRow, Math.min(written[slot], Math.min(from.length(), target.length())));
        leave(from, fromRow, written[slot], tainted[slot]);
    }

    private void leave(KvPool pool, int row, int rowWritten, boolean rowTainted) {
        if (pool.rows() == 1) {
            pool.close();
            return;
        }
        int lastSlot = pool.slotAt(pool.rows() - 1);
        int lastWritten = Math.min(written[lastSlot], pool.length());
        pool.remove(row, Math.min(rowWritten, pool.length()), lastWritten, rowTainted);
        if (row < pool.rows()) {
            rows[lastSlot] = row;
        }
    }

    /** Nothing of a slot is needed any more. */
    void release(int slot) {
        if (pools[slot] != null) {
            KvPool pool = pools[slot];
            pools[slot] = null;
            leave(pool, rows[slot], written[slot], tainted[slot]);
            written[slot] = 0;
            tainted[slot] = false;
        }
    }

    /** Only a slot's first {@code tokens} are needed; what is behind them becomes zero. */
    void trim(int slot, int tokens) {
        if (tokens == 0) {
            release(slot);
        } else if (pools[slot] != null && written[slot] > tokens) {
            pools[slot].clear(rows[slot], tokens, Math.min(written[slot], pools[slot].length()));
            pools[slot].giveBack(rows[slot], tokens, Math.min(written[slot], pools[slot].length()));
            written[slot] = tokens;
        }
    }

    /** Copies the first {@code tokens} of a slot to another. */
    void copy(int from, int to, int tokens) {
        if (from != to) {
            release(to);
            ensure(to, tokens, 0);
            pools[to].copyRow(rows[to], pools[from], rows[from], tokens);
            tainted[to] = tainted[from];
        }
    }

    /** The sequence of a slot goes by another slot's number; what was there is gone. */
    void move(int from, int to) {
        if (from != to) {
            release(to);
            pools[to] = pools[from];
            rows[to] = rows[from];
            written[to] = written[from];
            tainted[to] = tainted[from];
            pools[to].rename(rows[to], to);
            pools[from] = null;
            written[from] = 0;
            tainted[from] = false;
        }
    }

    void save(int slot, int from, int to, MemorySegment into) {
        pools[slot].save(rows[slot], from, to, into);
    }

    void restore(int slot, int from, int to, MemorySegment source) {
        ensure(slot, to, 0);
        pools[slot].restore(rows[slot], from, to, source);
    }

    /**
     * Brings slots {@code 0..needs.length} together for a step, each with room for as many tokens as it needs.
     *
     * @return the pools, all of whose rows are such slots
     */
    Set<KvPool> arrange(int[] needs) {
        apart(needs.length);
        int[] lengths = new int[needs.length];
        boolean fits = true;
        for (int slot = 0; slot < needs.length; slot++) {
            lengths[slot] = KvShape.lengthFor(needs[slot]);
            fits &= pools[slot].length() >= needs[slot];
        }
        List<PoolPlan.Group> best = plan.best(lengths);
        if (!fits || cost(best) < WORTH_MOVING * cost(used(needs.length))) {
            apply(best);
        }
        for (int slot = 0; slot < needs.length; slot++) {
            written[slot] = Math.max(written[slot], needs[slot]);
        }
        return used(needs.length);
    }

    /** Rows of slots that do not take part move out of the way. */
    private void apart(int batch) {
        for (int slot = batch; slot < pools.length; slot++) {
            if (pools[slot] != null && pools[slot].rows() > 1) {
                moveTo(slot, newPool(KvShape.lengthFor(written[slot])));
            }
        }
    }

    private Set<KvPool> used(int batch) {
        return new LinkedHashSet<>(Arrays.asList(pools).subList(0, batch));
    }

    private long cost(Set<KvPool> used) {
        return used.stream().mapToLong(pool -> plan.cost(pool.rows(), pool.length())).sum();
    }

    private long cost(List<PoolPlan.Group> groups) {
        return groups.stream().mapToLong(group -> plan.cost(group.members().size(), group.length())).sum();
    }

    private void apply(List<PoolPlan.Group> groups) {
        List<KvPool> taken = new ArrayList<>();
        for (PoolPlan.Group group : groups) {
            KvPool target = target(group, taken);
            taken.add(target);
            for (int slot : group.members()) {
                if (pools[slot] != target) {
                    moveTo(slot, target.full() ? newPool(group.length()) : target);
                }
            }
        }
    }

    /** A pool of the group's length that one of its members is in already, or a new one. */
    private KvPool target(PoolPlan.Group group, List<KvPool> taken) {
        return group.members().stream()
                .map(slot -> pools[slot])
                .filter(pool -> pool.length() == group.length() && !taken.contains(pool))
                .findFirst()
                .orElseGet(() -> newPool(group.length()));
    }

    /** Frees the tensors and the memory; no session may use them any more. */
    @Override
    public void close() {
        new LinkedHashSet<>(Arrays.asList(pools)).forEach(pool -> {
            if (pool != null) {
                pool.close();
            }
        });
        Arrays.fill(pools, null);
    }
}
