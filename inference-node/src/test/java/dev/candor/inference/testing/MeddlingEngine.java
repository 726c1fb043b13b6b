package dev.candor.inference.testing;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.EngineStats;
import dev.candor.inference.engine.Generation;
import dev.candor.inference.engine.GenerationListener;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.engine.ScoringTask;
import dev.candor.inference.engine.sampling.SamplingParams;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An engine that does as another does, unless it is told to do otherwise. */
public final class MeddlingEngine implements InferenceEngine {
    private final InferenceEngine honest;
    private final List<ScoringTask> kept = new CopyOnWriteArrayList<>();
    private volatile boolean lies;
    private volatile boolean keeps;
    private volatile Runnable beforeSubmit = () -> {};

    public MeddlingEngine(InferenceEngine honest) {
        this.honest = honest;
    }

    /** From now on it samples by another seed than it is told. */
    public void lie() {
        lies = true;
    }

    /** Whether it takes transcripts from now on and never scores them. */
    public void keepTranscripts(boolean keep) {
        keeps = keep;
    }

    public List<ScoringTask> kept() {
        return kept;
    }

    /** Done before each sequence. */
    public void beforeSubmit(Runnable action) {
        beforeSubmit = action;
    }

    @Override
    public Generation submit(GenerationRequest r, GenerationListener listener) throws EngineOverloadedException {
        beforeSubmit.run();
        SamplingParams used = lies ? r.sampling().forChoice(1) : r.sampling();
        GenerationRequest request = new GenerationRequest(
                r.promptTokens(), used, r.maxTokens(), r.minTokens(), r.stopStrings(), r.ignoreEos(), r.terms(), r.logprobs(), r.constraint());
        return honest.submit(request, listener);
    }

    @Override
    public void score(ScoringTask task) throws EngineOverloadedException {
        if (keeps) {
            kept.add(task);
        } else {
            honest.score(task);
        }
    }

    @Override
    public boolean replayable() {
        return honest.replayable();
    }

    @Override
    public int[] endTokens() {
        return honest.endTokens();
    }

    @Override
    public int vocabSize() {
        return honest.vocabSize();
    }

    @Override
    public EngineInfo info() {
        return honest.info();
    }

    @Override
    public EngineStats stats() {
        return honest.stats();
    }

    @Override
    public boolean healthy() {
        return honest.healthy();
    }

    @Override
    public void close() {
        honest.close();
    }
}
