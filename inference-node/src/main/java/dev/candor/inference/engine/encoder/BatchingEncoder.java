package dev.candor.inference.engine.encoder;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.EngineStats;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.schedule.RateMeter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One thread that, whenever it is free, takes what waits, up to the tokens of one run: nobody waits for others to come, and who comes while a run is
 * at work goes into the next one together.
 */
public final class BatchingEncoder implements EncoderEngine {
    private static final System.Logger LOG = System.getLogger(BatchingEncoder.class.getName());

    private final EncoderRunner runner;
    private final EncoderOptions options;
    private final RunPlan plan;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final FairLine line = new FairLine();
    private final RateMeter rate = new RateMeter(System::nanoTime);
    private final Thread thread;
    /** Known to the engine's thread alone. */
    private boolean rested;
    private int running;
    private long computed;
    private boolean closing;
    private boolean dead;

    private BatchingEncoder(EncoderRunner runner, EncoderOptions options) {
        this.runner = runner;
        this.options = options;
        this.plan = new RunPlan(runner.maxRunTokens());
        this.thread = Thread.ofPlatform().daemon().name("encoder").unstarted(this::work);
    }

    /** Starts the engine's thread; the engine owns the runner. */
    public static BatchingEncoder start(EncoderRunner runner, EncoderOptions options) {
        BatchingEncoder engine = new BatchingEncoder(runner, options);
        engine.thread.start();
        return engine;
    }

    @Override
    public EngineInfo info() {
        return runner.info();
    }

    @Override
    public EngineStats stats() {
        lock.lock();
        try {
            line.dropEnded();
            return new EngineStats(running, line.requests(), computed, 0, rate.perSecond());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean healthy() {
        lock.lock();
        try {
            return !closing && !dead;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Encoding submit(List<EncoderInput> inputs, String client, OptionalLong deadlineNanos) throws EngineOverloadedException {
        check(inputs);
        EncoderWork work = new EncoderWork(List.copyOf(inputs), client, deadlineNanos);
        lock.lock();
        try {
            if (closing || dead) {
                throw new EngineOverloadedException("the engine is closing");
            }
            line.dropEnded();
            if (!line.isEmpty() && line.tokens() + work.tokens() > options.maxWaitingTokens()) {
                throw new EngineOverloadedException("too many tokens wait: " + line.tokens());
            }
            long held = line.tokens(client);
            if (held > 0 && !options.share().allows(held, work.tokens(), options.maxWaitingTokens() - line.tokens())) {
                throw new EngineOverloadedException(held + " tokens of this client are waiting, which is its share");
            }
            line.add(work);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return work;
    }

    private void check(List<EncoderInput> inputs) {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("there is no sequence to encode");
        }
        for (EncoderInput input : inputs) {
            if (input.length() > info().contextLength()) {
                throw new IllegalArgumentException(
                        "a sequence of " + input.length() + " tokens is longer than the model's " + info().contextLength());
            }
            for (int token : input.tokens()) {
                if (token < 0 || token >= runner.vocabSize()) {
                    throw new IllegalArgumentException("token " + token + " is not in the vocabulary of " + runner.vocabSize());
                }
            }
        }
    }

    /** What only gives memory back must not end the encoder. */
    private void rest() {
        try {
            runner.rest();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the encoder's work space was not given back", e);
        }
    }

    private void work() {
        try {
            while (true) {
                Optional<List<EncoderWork.Item>> taken = take();
                if (taken.isEmpty()) {
                    rested = true;
                    rest();
                } else if (taken.get().isEmpty()) {
                    return;
                } else {
                    rested = false;
                    runAll(taken.get());
                }
            }
        } catch (Throwable failure) {
            LOG.log(System.Logger.Level.ERROR, "the encoder's thread died", failure);
        } finally {
            end();
        }
    }

    /** What this thread has taken nobody else ends, should it die of one of the runs. */
    private void runAll(List<EncoderWork.Item> taken) {
        try {
            plan.split(taken).forEach(this::run);
        } catch (RuntimeException | Error death) {
            taken.forEach(item -> item.work().failed(new ModelException("the engine has stopped after a failure", death)));
            throw death;
        }
    }

    /** Waits for work; none at all means that the engine is closed, and empty that nothing has come for long. */
    private Optional<List<EncoderWork.Item>> take() throws InterruptedException {
        lock.lock();
        try {
            running = 0;
            while (true) {
                List<EncoderWork.Item> taken = line.take(runner.maxRunTokens());
                if (!taken.isEmpty() || closing) {
                    running = taken.size();
                    return Optional.of(taken);
                }
                if (rested) {
                    changed.await();
                } else if (changed.awaitNanos(options.restAfter().toNanos()) <= 0) {
                    return Optional.empty();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void run(List<EncoderWork.Item> batch) {
        List<EncoderWork.Item> wanted = batch.stream().filter(item -> !item.work().over()).toList();
        if (wanted.isEmpty()) {
            return;
        }
        try {
            List<float[]> results = runner.run(wanted.stream().map(EncoderWork.Item::input).toList());
            for (int i = 0; i < results.size(); i++) {
                finish(wanted.get(i), results.get(i));
            }
            count(wanted);
        } catch (ModelException | RuntimeException failure) {
            apart(wanted, failure);
        }
    }

    /** Of a failed batch nobody knows whose fault it was: each sequence gets a run of its own. */
    private void apart(List<EncoderWork.Item> batch, Exception failure) {
        if (batch.size() == 1) {
            batch.getFirst().work().failed(failure);
        } else {
            batch.forEach(item -> run(List.of(item)));
        }
    }

    private static void finish(EncoderWork.Item item, float[] result) {
        for (float value : result) {
            if (!Float.isFinite(value)) {
                item.work().failed(new ModelException("the model gives values that are not numbers for this input"));
                return;
            }
        }
        item.work().finished(item.index(), result);
    }

    private void count(List<EncoderWork.Item> batch) {
        int tokens = batch.stream().mapToInt(EncoderWork.Item::length).sum();
        lock.lock();
        try {
            computed += tokens;
            rate.add(tokens);
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            dead = true;
            line.clear().forEach(work -> work.failed(new CancellationException("the engine has ended")));
        } finally {
            lock.unlock();
        }
        runner.close();
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
                drop();
                thread.join(TimeUnit.SECONDS.toMillis(options.drain().toSeconds() + 30));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drop() {
        lock.lock();
        try {
            line.clear().forEach(Encoding::cancel);
        } finally {
            lock.unlock();
        }
    }
}
