package dev.candor.inference.engine.testing;

import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A real runner that can be made to fail, and stopped before a decode until it is let go on. */
public final class FaultyRunner implements ModelRunner {
    private static final int UNLIMITED = 1 << 30;

    private final ModelRunner runner;
    private final Semaphore permits = new Semaphore(UNLIMITED);
    private final CountDownLatch held = new CountDownLatch(1);
    private volatile long pauseNanos;
    private volatile boolean failPrefill;
    private volatile boolean failDecode;
    private volatile boolean die;

    public FaultyRunner(ModelRunner runner) {
        this.runner = runner;
    }

    /** Lets {@code steps} decodes pass and stops the next. */
    public void holdAfter(int steps) {
        permits.drainPermits();
        permits.release(steps);
    }

    public void awaitHeld() throws InterruptedException {
        if (!held.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("no decode came");
        }
    }

    /** Whether a decode waits to be let go on. */
    public boolean holds() {
        return permits.hasQueuedThreads();
    }

    public void allowOneStep() {
        permits.release();
    }

    public void release() {
        permits.release(UNLIMITED - permits.availablePermits());
    }

    /** From now on, each decode takes so much longer. */
    public void slowBy(Duration pause) {
        pauseNanos = pause.toNanos();
    }

    public void failNextPrefill() {
        failPrefill = true;
    }

    public void failNextDecode() {
        failDecode = true;
    }

    public void dieAtNextDecode() {
        die = true;
    }

    @Override
    public EngineInfo info() {
        return runner.info();
    }

    @Override
    public int vocabSize() {
        return runner.vocabSize();
    }

    @Override
    public void prefill(int slot, int[] tokens, int from, int to) throws ModelException {
        if (failPrefill) {
            failPrefill = false;
            throw new ModelException("injected prefill failure");
        }
        runner.prefill(slot, tokens, from, to);
    }

    @Override
    public void decode(DecodeStep step) throws ModelException {
        if (!permits.tryAcquire()) {
            held.countDown();
            permits.acquireUninterruptibly();
        }
        if (pauseNanos > 0) {
            LockSupport.parkNanos(pauseNanos);
        }
        if (failDecode) {
            failDecode = false;
            throw new ModelException("injected decode failure");
        }
        if (die) {
            throw new OutOfMemoryError("injected death");
        }
        runner.decode(step);
    }

    @Override
    public void readLogits(int row, float[] into) {
        runner.readLogits(row, into);
    }

    @Override
    public void copySlot(int from, int to, int length) {
        runner.copySlot(from, to, length);
    }

    @Override
    public int stagingSlots() {
        return runner.stagingSlots();
    }

    @Override
    public int stepTokens() {
        return runner.stepTokens();
    }

    @Override
    public boolean exact() {
        return runner.exact();
    }

    @Override
    public long kvBytesPerToken() {
        return runner.kvBytesPerToken();
    }

    @Override
    public void saveKv(int slot, int from, int to, MemorySegment into) {
        runner.saveKv(slot, from, to, into);
    }

    @Override
    public void restoreKv(int slot, int from, int to, MemorySegment source) {
        runner.restoreKv(slot, from, to, source);
    }

    @Override
    public void trim(int slot, int length) {
        runner.trim(slot, length);
    }

    @Override
    public void close() {
        runner.close();
    }
}
