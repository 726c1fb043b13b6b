package dev.candor.inference.engine.tensor;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.EngineStats;
import dev.candor.inference.engine.ModelException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** One thread takes requests out of a bounded queue and runs them, each by itself: one that fails is no other's concern. */
public final class QueuedTensorEngine implements TensorEngine {
    private static final System.Logger LOG = System.getLogger(QueuedTensorEngine.class.getName());
    private static final long POLL_MILLIS = 100;

    private final TensorRunner runner;
    private final TensorOptions options;
    private final BlockingQueue<PendingRun> waiting;
    private final Thread thread;
    private volatile PendingRun atWork;
    private volatile boolean closing;
    private volatile boolean stopped;

    private QueuedTensorEngine(TensorRunner runner, TensorOptions options) {
        this.runner = runner;
        this.options = options;
        this.waiting = new ArrayBlockingQueue<>(options.maxWaiting());
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
        PendingRun run = new PendingRun(request);
        if (closing || !waiting.offer(run)) {
            throw new EngineOverloadedException(closing ? "the model is being unloaded" : "the model's queue is full");
        }
        if (stopped) {
            run.stop(TensorStoppedException.Reason.CLOSED);
        }
        return run;
    }

    private void serve() {
        try {
            while (!closing || !waiting.isEmpty()) {
                PendingRun next = waiting.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null) {
                    atWork = next;
                    run(next);
                    atWork = null;
                }
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "the engine's thread was asked to end", e);
        } finally {
            closing = true;
            stopped = true;
            stopAll();
            runner.close();
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

    private void stopAll() {
        for (PendingRun run = waiting.poll(); run != null; run = waiting.poll()) {
            run.stop(TensorStoppedException.Reason.CLOSED);
        }
    }

    @Override
    public EngineInfo info() {
        return runner.info();
    }

    @Override
    public EngineStats stats() {
        return new EngineStats(atWork == null ? 0 : 1, waiting.size(), 0, 0, 0);
    }

    @Override
    public boolean healthy() {
        return thread.isAlive() && !closing;
    }

    @Override
    public void close() {
        closing = true;
        try {
            if (!thread.join(options.drain())) {
                stopAll();
                PendingRun last = atWork;
                if (last != null) {
                    last.stop(TensorStoppedException.Reason.CLOSED);
                }
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
