package dev.candor.inference.engine.tensor;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.EngineStats;
import dev.candor.inference.engine.ModelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One thread runs what waits, each request by itself, so that one that fails is no other's concern. Clients get equal shares of its time, and a
 * request that is cancelled or late leaves its place to another at once.
 */
public final class QueuedTensorEngine implements TensorEngine {
    private static final System.Logger LOG = System.getLogger(QueuedTensorEngine.class.getName());

    private final TensorRunner runner;
    private final TensorOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final RunLine line = new RunLine();
    private final Thread thread;
    private Optional<PendingRun> atWork = Optional.empty();
    private boolean closing;

    private QueuedTensorEngine(TensorRunner runner, TensorOptions options) {
        this.runner = runner;
        this.options = options;
        this.thread = Thread.ofPlatform().name("tensors").daemon().unstarted(this::serve);
    }

    /** Starts the engine, which owns {@code runner}. */
    public static QueuedTensorEngine start(TensorRunner runner, TensorOptions options) {
        QueuedTensorEngine engine = new QueuedTensorEngine(runner, options);
        engine.thread.start();
        return engine;
    }

    @Override
    public TensorSignature signature() {
        return runner.signature();
    }

    @Override
    public Duration patience() {
        return options.patience();
    }

    @Override
    public TensorRun submit(TensorRequest request) throws EngineOverloadedException, TensorMismatchException {
        signature().check(request.inputs(), request.outputs());
        PendingRun run = new PendingRun(request, this::leave);
        lock.lock();
        try {
            if (closing) {
                throw new EngineOverloadedException("the model is being unloaded");
            }
            if (line.size() == options.maxWaiting()) {
                throw new EngineOverloadedException(line.size() + " requests are waiting; there is room for no more");
            }
            if (!options.share().allows(line.size(run.client()), 1, options.maxWaiting() - line.size())) {
                throw new EngineOverloadedException(line.size(run.client()) + " requests of this client are waiting, which is its share");
            }
            line.add(run);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return run;
    }

    private void leave(PendingRun run) {
        lock.lock();
        try {
            line.leave(run);
        } finally {
            lock.unlock();
        }
    }

    private void serve() {
        try {
            for (Optional<PendingRun> next = take(); next.isPresent(); next = take()) {
                long begin = System.nanoTime();
                run(next.get());
                ended(next.get(), System.nanoTime() - begin);
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "the engine's thread was asked to end", e);
        } finally {
            stopAll();
            runner.close();
        }
    }

    /** Waits for work; nothing means that the engine is closed. */
    private Optional<PendingRun> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            atWork = line.take();
            while (atWork.isEmpty() && !closing) {
                changed.await();
                atWork = line.take();
            }
            return atWork;
        } finally {
            lock.unlock();
        }
    }

    private void ended(PendingRun run, long nanos) {
        lock.lock();
        try {
            atWork = Optional.empty();
            line.ended(run, nanos);
        } finally {
            lock.unlock();
        }
    }

    private void run(PendingRun run) {
        if (!run.begin()) {
            return;
        }
        try {
            run.succeed(runner.run(run.request().inputs(), run.request().outputs(), options.maxOutput(), run.control()));
        } catch (ModelException | RuntimeException | OutOfMemoryError e) {
            run.fail(e);
        }
    }

    /** Refuses all that comes, and ends all that is there. */
    private void stopAll() {
        List<PendingRun> all = new ArrayList<>();
        lock.lock();
        try {
            closing = true;
            all.addAll(line.all());
            atWork.ifPresent(all::add);
        } finally {
            lock.unlock();
        }
        all.forEach(run -> run.stop(TensorStoppedException.Reason.CLOSED));
    }

    @Override
    public EngineInfo info() {
        return runner.info();
    }

    @Override
    public EngineStats stats() {
        lock.lock();
        try {
            return new EngineStats(atWork.isPresent() ? 1 : 0, line.size(), 0, 0, 0);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean healthy() {
        lock.lock();
        try {
            return thread.isAlive() && !closing;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!thread.join(options.drain())) {
                stopAll();
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
