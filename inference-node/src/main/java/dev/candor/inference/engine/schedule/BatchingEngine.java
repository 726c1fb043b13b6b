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
import dev.candor.inference.engine.ScoringTask;
import dev.candor.inference.engine.cache.BlockChain;
import dev.candor.inference.engine.cache.PrefixCache;
import dev.candor.inference.engine.sampling.SamplerWorkspace;
import dev.candor.inference.text.StopStringMatcher;
import dev.candor.inference.text.Tokenizer;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Continuous batching (Yu et al., Orca, OSDI 2022): sequences join and leave the batch between steps. One thread does all the
 * work; a failure ends the sequence that is its reason and no others. What a sequence comes out as depends on nothing but its request:
 * not on its company, on what is cached, on having been put back, or on guesses.
 */
public final class BatchingEngine implements InferenceEngine {
    private static final System.Logger LOG = System.getLogger(BatchingEngine.class.getName());
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration REST_AFTER = Duration.ofSeconds(5);

    private final ModelRunner runner;
    private final Tokenizer tokenizer;
    private final int[] endTokens;
    private final Duration drain;
    private final EngineInfo info;
    private final RequestCheck check;
    private final SamplerWorkspace workspace;
    private final WaitingRoom room;
    private final KvBudget budget;
    private final PrefixCache cache;
    private final KvMemory memory;
    private final Counters counters = new Counters();
    private final Scoring scoring;
    private final Batch batch;
    private final LongSupplier nanoTime;
    private final Duration restAfter;
    private final Thread thread;
    /** Since the runner rested; known to the engine's thread alone. */
    private boolean worked;

    private BatchingEngine(ModelRunner runner, Tokenizer tokenizer, List<Integer> endTokens, EngineOptions options, LongSupplier nanoTime, Duration restAfter) {
        this.runner = runner;
        this.tokenizer = tokenizer;
        this.endTokens = endTokens.stream().mapToInt(Integer::intValue).toArray();
        this.drain = options.drain();
        this.budget = KvBudget.of(runner, options);
        this.info = runner.info().withContextLength(budget.contextLength());
        this.check = new RequestCheck(info.contextLength(), runner.vocabSize());
        this.workspace = new SamplerWorkspace(runner.vocabSize());
        this.room = new WaitingRoom(info.slots() + options.maxWaiting());
        this.cache = new PrefixCache(budget.blockBytes(), budget.cacheBlocks());
        this.memory = new KvMemory(runner, cache, budget.blocks());
        this.nanoTime = nanoTime;
        this.restAfter = restAfter;
        this.scoring = new Scoring(runner, memory, new Logits(runner));
        this.batch = assemble(options);
        this.thread = Thread.ofPlatform().name("candor-engine").daemon().unstarted(this::run);
    }

    private Batch assemble(EngineOptions options) {
        SlotTable table = new SlotTable(runner, memory, sequence -> {
            counters.preempted();
            room.putBack(sequence);
        });
        PrefixStore prefixes = new PrefixStore(runner, cache, memory, table, counters);
        Pace pace = new Pace(options.prefillChunk(), info.slots());
        Work work = new Work(counters, room);
        Logits logits = new Logits(runner);
        boolean guesses = options.speculation() && options.alwaysExact() && runner.exact();
        Drafts drafts = new Drafts(table, counters, guesses ? runner.stepTokens() - 1 : 0);
        return new Batch(
                room,
                table,
                new Intake(room, table, memory, scoring),
                new Prefill(runner, table, prefixes, pace, work, logits, nanoTime),
                new Decode(runner, table, prefixes, drafts, pace, work, logits, options.alwaysExact(), nanoTime),
                scoring,
                pace,
                nanoTime);
    }

    /**
     * Starts an engine.
     *
     * @param runner    becomes the engine's, which closes it
     * @param tokenizer stays the caller's; closed after the engine
     * @param endTokens ids that end an answer
     * @throws IllegalArgumentException if the tokenizer does not fit the model, or the memory that the options allow is too small for it or more
     *                                  than the system reserves
     */
    public static BatchingEngine start(ModelRunner runner, Tokenizer tokenizer, List<Integer> endTokens, EngineOptions options) {
        return start(runner, tokenizer, endTokens, options, System::nanoTime, REST_AFTER);
    }

    /**
     * Starts an engine.
     *
     * @param nanoTime  as {@link System#nanoTime()}
     * @param restAfter how long there must have been nothing to do before the runner rests
     */
    static BatchingEngine start(
            ModelRunner runner, Tokenizer tokenizer, List<Integer> endTokens, EngineOptions options, LongSupplier nanoTime, Duration restAfter) {
        try {
            new TokenizerFit(tokenizer, runner.vocabSize()).check(endTokens);
            BatchingEngine engine = new BatchingEngine(runner, tokenizer, endTokens, options, nanoTime, restAfter);
            engine.thread.start();
            return engine;
        } catch (RuntimeException | Error e) {
            runner.close();
            throw e;
        }
    }

    @Override
    public Generation submit(GenerationRequest request, GenerationListener listener) throws EngineOverloadedException {
        check.check(request);
        Sequence sequence = new Sequence(
                request,
                listener,
                new TokenChoice(
                        request.sampling(),
                        request.promptTokens(),
                        workspace,
                        new EndRule(endTokens, request.minTokens(), request.ignoreEos()),
                        request.constraint()),
                new AnswerText(tokenizer.newDecoder(), new StopStringMatcher(request.stopStrings())),
                new Scores(request.logprobs(), workspace),
                new BlockChain(info.toString(), request.terms().cacheSalt()),
                info.contextLength(),
                room::wake);
        room.add(sequence);
        return sequence;
    }

    @Override
    public int[] endTokens() {
        return endTokens.clone();
    }

    @Override
    public int vocabSize() {
        return runner.vocabSize();
    }

    @Override
    public boolean replayable() {
        return runner.exact() && runner.scoringRows() > 0;
    }

    @Override
    public void score(ScoringTask task) throws EngineOverloadedException {
        if (!replayable()) {
            throw new UnsupportedOperationException("this model's steps do not give the bits of a prefill");
        }
        check.checkTranscript(task.tokens(), task.firstRow());
        if (!room.open()) {
            throw new EngineOverloadedException("the engine is closing");
        }
        scoring.add(task, nanoTime.getAsLong());
        room.wake();
    }

    private void run() {
        try {
            while (next()) {
                batch.step();
                worked = true;
            }
            endAll(null);
        } catch (Throwable e) {
            LOG.log(System.Logger.Level.ERROR, "the engine's thread died", e);
            endAll(new ModelException("the engine has stopped after a failure", e));
        }
    }

    /** Waits for work, and lets the runner rest once if there is none for long. @return false once the thread is to end */
    private boolean next() throws InterruptedException {
        if (worked && !room.awaitWork(batch::idle, restAfter)) {
            worked = false;
            rest();
        }
        return room.awaitWork(batch::idle);
    }

    /** What only gives memory back must not end the engine. */
    private void rest() {
        try {
            runner.rest();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the model's work space was not given back", e);
        }
    }

    /** @param failure null to cancel */
    private void endAll(Exception failure) {
        room.end().forEach(sequence -> end(sequence, failure));
        batch.endAll(sequence -> end(sequence, failure));
        scoring.end(failure == null ? new ModelException("the engine was closed before the transcript was checked") : failure);
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
        long block = budget.blockBytes();
        return new EngineStats(
                room.running(),
                room.waiting(),
                counters.promptTokens(),
                counters.generatedTokens(),
                counters.tokensPerSecond(),
                counters.preemptions(),
                new EngineStats.Kv(block * memory.total(), block * memory.liveBlocks(), block * memory.usedBlocks()),
                new EngineStats.Prefixes(counters.prefixQueries(), counters.prefixHits(), block * memory.cachedBlocks()),
                new EngineStats.Drafts(counters.drafts(), counters.draftTokens(), counters.acceptedTokens()));
    }

    @Override
    public boolean healthy() {
        return room.open();
    }

    @Override
    public void close() {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("an engine cannot be closed by one of its own listeners");
        }
        room.close();
        if (!stopped(drain)) {
            room.abort();
            if (!stopped(STOP_TIMEOUT)) {
                LOG.log(System.Logger.Level.ERROR, "the engine's thread does not stop; its memory is not freed");
                return;
            }
        }
        runner.close();
        cache.close();
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
}
