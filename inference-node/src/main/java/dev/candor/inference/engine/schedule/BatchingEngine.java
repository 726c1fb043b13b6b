package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.EngineStats;
import dev.candor.inference.engine.FinishReason;
import dev.candor.inference.engine.Generation;
import dev.candor.inference.engine.GenerationListener;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.sampling.Sampler;
import dev.candor.inference.engine.sampling.SamplerWorkspace;
import dev.candor.inference.text.StopStringMatcher;
import dev.candor.inference.text.Tokenizer;
import java.time.Duration;
import java.util.List;

/**
 * Continuous batching (Yu et al., Orca, OSDI 2022): sequences join and leave the batch between steps. First come, first served. One
 * thread does all the work; a failure ends the sequences it concerns and no others.
 */
public final class BatchingEngine implements InferenceEngine {
    private static final System.Logger LOG = System.getLogger(BatchingEngine.class.getName());
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final ModelRunner runner;
    private final Tokenizer tokenizer;
    private final int[] endTokens;
    private final Duration drain;
    private final EngineInfo info;
    private final RequestCheck check;
    private final SamplerWorkspace workspace;
    private final WaitingLine line;
    private final Batch batch;
    private final RateMeter rate = new RateMeter(System::nanoTime);
    private final Thread thread;
    private volatile long promptTokens;
    private volatile long generatedTokens;

    private BatchingEngine(ModelRunner runner, Tokenizer tokenizer, List<Integer> endTokens, EngineOptions options) {
        this.runner = runner;
        this.tokenizer = tokenizer;
        this.endTokens = endTokens.stream().mapToInt(Integer::intValue).toArray();
        this.drain = options.drain();
        this.info = runner.info();
        this.check = new RequestCheck(info.contextLength(), runner.vocabSize());
        this.workspace = new SamplerWorkspace(runner.vocabSize());
        this.line = new WaitingLine(info.slots() + options.maxWaiting());
        this.batch = new Batch(runner, options.prefillChunk(), line::next, new Counting());
        this.thread = Thread.ofPlatform().name("candor-engine").daemon().unstarted(this::run);
    }

    /**
     * Starts an engine.
     *
     * @param runner    becomes the engine's, which closes it
     * @param tokenizer stays the caller's; closed after the engine
     * @param endTokens ids that end an answer
     */
    public static BatchingEngine start(ModelRunner runner, Tokenizer tokenizer, List<Integer> endTokens, EngineOptions options) {
        BatchingEngine engine = new BatchingEngine(runner, tokenizer, endTokens, options);
        engine.thread.start();
        return engine;
    }

    @Override
    public Generation submit(GenerationRequest request, GenerationListener listener) throws EngineOverloadedException {
        check.check(request);
        Sequence sequence = new Sequence(
                request,
                listener,
                new Sampler(request.sampling(), request.promptTokens(), workspace),
                new AnswerText(tokenizer.newDecoder(), new StopStringMatcher(request.stopStrings())),
                new EndRule(endTokens, request.minTokens(), request.ignoreEos()),
                info.contextLength(),
                line::wake);
        line.add(sequence);
        return sequence;
    }

    private void run() {
        try {
            while (line.awaitWork(batch::idle)) {
                line.takeCancelled().forEach(sequence -> sequence.finish(FinishReason.CANCELLED));
                batch.step();
            }
            endAll(null);
        } catch (Throwable e) {
            LOG.log(System.Logger.Level.ERROR, "the engine's thread died", e);
            endAll(new ModelException("the engine has stopped after a failure", e));
        }
    }

    /** @param failure null to cancel */
    private void endAll(Exception failure) {
        line.end().forEach(sequence -> end(sequence, failure));
        batch.endAll(sequence -> end(sequence, failure));
    }

    private static void end(Sequence sequence, Exception failure) {
        if (failure == null) {
            sequence.finish(FinishReason.CANCELLED);
        } else {
            sequence.fail(failure);
        }
    }

    @Override
    public EngineInfo info() {
        return info;
    }

    @Override
    public EngineStats stats() {
        return new EngineStats(line.running(), line.waiting(), promptTokens, generatedTokens, rate.perSecond());
    }

    @Override
    public boolean healthy() {
        return line.open();
    }

    @Override
    public void close() {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("an engine cannot be closed by one of its own listeners");
        }
        line.close();
        if (!stopped(drain)) {
            line.abort();
            if (!stopped(STOP_TIMEOUT)) {
                LOG.log(System.Logger.Level.ERROR, "the engine's thread does not stop; its memory is not freed");
                return;
            }
        }
        runner.close();
    }

    /** Waits even if interrupted: memory that a run still uses must not be freed. */
    private boolean stopped(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return thread.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Only the engine's thread adds to the totals. */
    private final class Counting implements Batch.Progress {
        @Override
        public void prefilled(int tokens) {
            promptTokens += tokens;
        }

        @Override
        public void generated(int tokens) {
            generatedTokens += tokens;
            rate.add(tokens);
        }
    }
}
