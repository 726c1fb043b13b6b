package dev.candor.inference.engine.testing;

import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands in for a model and its hardware, with a clock of its own. A token's "keys and values" are one number that tells the token, its
 * place, and whether it was computed as several or as one; logits are a hash of all of them: so whatever a scheduler mixes up, loses or
 * computes in another way shows in the tokens. Reading what was never written, or writing outside a slot, is an error.
 */
public final class ScriptedRunner implements ModelRunner {
    /** A prompt token that makes every decode with it fail. */
    public static final int POISON = 120;
    /** A prompt token that makes the logits of the sequence's answer no numbers. */
    public static final int NAN = 121;
    /** Ordinary tokens are below this. */
    public static final int ORDINARY = 120;

    private static final int VOCABULARY = 128;
    private static final int BLOCK = 64;
    private static final int UNLIMITED = 1 << 30;

    /**
     * How a stand-in behaves.
     *
     * @param window  tokens that logits depend on: few make answers that repeat themselves
     * @param inPlace whether moving a sequence to another slot copies nothing
     */
    public record Shape(int slots, int staging, int context, boolean exact, int stepTokens, int window, boolean inPlace) {
        public Shape(int slots, int staging, int context, boolean exact, int stepTokens, int window) {
            this(slots, staging, context, exact, stepTokens, window, false);
        }

        public Shape movingInPlace() {
            return new Shape(slots, staging, context, exact, stepTokens, window, true);
        }

        public static Shape plain() {
            return new Shape(4, 3, 1024, false, 1, Integer.MAX_VALUE);
        }

        public static Shape exactOnes() {
            return new Shape(4, 3, 1024, true, 8, 2);
        }
    }

    /** What was run. @param tokens of a prefill, or sequences of a decode */
    public record Run(boolean prefill, int slot, int tokens, long begin, long end) {}

    private final Shape shape;
    private final long[][] cells;
    private final List<float[]> rows = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong(1);
    private final List<Run> runs = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore permits = new Semaphore(UNLIMITED);
    private volatile CountDownLatch held = new CountDownLatch(1);
    private volatile int peakBlocks;
    private final Semaphore rests = new Semaphore(0);
    private volatile boolean closed;

    public ScriptedRunner(Shape shape) {
        this.shape = shape;
        this.cells = new long[shape.slots() + shape.staging() + 1][shape.context()];
    }

    /** Lets time pass in which nothing runs. */
    public void advance(Duration by) {
        clock.addAndGet(by.toNanos());
    }

    /** Nanoseconds that runs have taken so far; a prefill takes 1 ms and 1 a token, a decode 9 ms and 1 a row. */
    public long nanoTime() {
        return clock.get();
    }

    public List<Run> runs() {
        return List.copyOf(runs);
    }

    /** The most blocks of 64 tokens that held something at the same time. */
    public int peakBlocks() {
        return peakBlocks;
    }

    public boolean closed() {
        return closed;
    }

    /** Lets {@code count} runs pass and stops the next, until {@link #release}. */
    public void holdAfter(int count) {
        permits.drainPermits();
        permits.release(count);
    }

    /** Lets a stopped engine make so many runs more; {@link #awaitHeld} then waits for the end of them. */
    public void allow(int count) {
        held = new CountDownLatch(1);
        permits.release(count);
    }

    public void awaitHeld() throws InterruptedException {
        if (!held.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("no run came");
        }
    }

    /** Waits until the runner was told to rest. @return false if it was not within {@code limit} */
    public boolean awaitRest(Duration limit) throws InterruptedException {
        return rests.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void rest() {
        rests.release();
    }

    public void release() {
        permits.release(UNLIMITED - permits.availablePermits());
    }

    @Override
    public EngineInfo info() {
        return new EngineInfo("none", "scripted", "fp32", "scripted/1", shape.context(), shape.slots());
    }

    @Override
    public int vocabSize() {
        return VOCABULARY;
    }

    @Override
    public int stagingSlots() {
        return shape.staging();
    }

    @Override
    public int stepTokens() {
        return shape.stepTokens();
    }

    @Override
    public boolean exact() {
        return shape.exact();
    }

    @Override
    public int scoringRows() {
        return shape.exact() ? 32 : 0;
    }

    @Override
    public int scoringSlot() {
        return shape.slots() + shape.staging();
    }

    @Override
    public void prefill(int slot, int[] tokens, int from, int to) {
        prefill(slot, tokens, from, to, to - 1);
    }

    @Override
    public void prefill(int slot, int[] tokens, int from, int to, int firstRow) {
        long begin = pass();
        boolean several = to - from > 1 || shape.exact();
        for (int i = from; i < to; i++) {
            write(slot, i, tokens[i], several);
        }
        rows.clear();
        for (int row = firstRow; row < to; row++) {
            rows.add(logits(slot, row + 1));
        }
        end(new Run(true, slot, to - from, begin, clock.addAndGet(1_000_000L + 1_000_000L * (to - from))));
    }

    @Override
    public void decode(DecodeStep step) throws ModelException {
        long begin = pass();
        rows.clear();
        for (int slot = 0; slot < step.batch(); slot++) {
            int[] tokens = step.tokens()[slot];
            if (tokens.length > 1 && !step.exact()) {
                throw new AssertionError("several tokens in a step that is not exact");
            }
            for (int i = 0; i < tokens.length; i++) {
                write(slot, step.lengths()[slot] + i, tokens[i], step.exact());
                rows.add(logits(slot, step.lengths()[slot] + i + 1));
            }
            if (contains(slot, step.lengths()[slot], POISON)) {
                throw new ModelException("poisoned");
            }
        }
        end(new Run(false, 0, step.batch(), begin, clock.addAndGet(9_000_000L + 1_000_000L * step.rows())));
    }

    private long pass() {
        if (!permits.tryAcquire()) {
            held.countDown();
            permits.acquireUninterruptibly();
        }
        return clock.get();
    }

    private void end(Run run) {
        runs.add(run);
        notePeak();
    }

    private void write(int slot, int place, int token, boolean several) {
        cells[slot][place] = ((long) place << 32 | token << 1 | (several ? 1 : 0)) + 1;
    }

    private boolean contains(int slot, int length, int token) {
        return Arrays.stream(cells[slot], 0, length).anyMatch(cell -> (cell - 1 >> 1 & 0x7fffffff) == token);
    }

    private float[] logits(int slot, int length) {
        float[] logits = new float[VOCABULARY];
        if (contains(slot, length, NAN) && length > 20) {
            Arrays.fill(logits, Float.NaN);
            return logits;
        }
        long state = 1;
        for (int i = 0; i < length; i++) {
            long cell = cells[slot][i];
            if (cell == 0 || cell - 1 >> 32 != i) {
                throw new AssertionError("slot " + slot + " has nothing, or another place's, at " + i + " of " + length);
            }
            if (length - i <= shape.window()) {
                state = mix(state * 31 + (shape.window() == Integer.MAX_VALUE ? cell : cell & 0xffffffffL));
            }
        }
        for (int token = 0; token < ORDINARY; token++) {
            logits[token] = (mix(state + token * 0x9e3779b97f4a7c15L) >>> 40) * 0x1p-21f;
        }
        return logits;
    }

    private static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    private void notePeak() {
        int blocks = 0;
        for (long[] slot : cells) {
            for (int block = 0; block < slot.length; block += BLOCK) {
                blocks += Arrays.stream(slot, block, Math.min(slot.length, block + BLOCK)).anyMatch(cell -> cell != 0) ? 1 : 0;
            }
        }
        peakBlocks = Math.max(peakBlocks, blocks);
    }

    @Override
    public void readLogits(int row, float[] into) {
        System.arraycopy(rows.get(row), 0, into, 0, VOCABULARY);
    }

    @Override
    public void copySlot(int from, int to, int length) {
        System.arraycopy(cells[from], 0, cells[to], 0, length);
        notePeak();
    }

    @Override
    public void moveSlot(int from, int to, int length) {
        if (!shape.inPlace()) {
            ModelRunner.super.moveSlot(from, to, length);
            return;
        }
        long[] empty = cells[to];
        if (Arrays.stream(empty).anyMatch(cell -> cell != 0)) {
            throw new AssertionError("slot " + to + " is not empty");
        }
        cells[to] = cells[from];
        cells[from] = empty;
    }

    @Override
    public boolean movesInPlace() {
        return shape.inPlace();
    }

    @Override
    public long kvBytesPerToken() {
        return Long.BYTES;
    }

    @Override
    public void saveKv(int slot, int from, int to, MemorySegment into) {
        MemorySegment.copy(cells[slot], from, into, ValueLayout.JAVA_LONG, 0, to - from);
    }

    @Override
    public void restoreKv(int slot, int from, int to, MemorySegment source) {
        MemorySegment.copy(source, ValueLayout.JAVA_LONG, 0, cells[slot], from, to - from);
    }

    @Override
    public void trim(int slot, int length) {
        Arrays.fill(cells[slot], length, shape.context(), 0);
    }

    @Override
    public void close() {
        closed = true;
    }
}
