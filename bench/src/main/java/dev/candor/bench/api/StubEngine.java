package dev.candor.bench.api;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineStats;
import dev.candor.inference.engine.FinishReason;
import dev.candor.inference.engine.Generation;
import dev.candor.inference.engine.GenerationListener;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.engine.Progress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Says one word, and then ends at once, or says nothing more until it is told to stop. */
final class StubEngine implements InferenceEngine {
    private static final String WORD = "Wait";

    private final boolean ends;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("stub-engine").factory());

    StubEngine(boolean ends) {
        this.ends = ends;
    }

    @Override
    public Generation submit(GenerationRequest request, GenerationListener listener) {
        thread.execute(() -> listener.onProgress(new Progress(WORD, 1)));
        if (ends) {
            thread.execute(() -> end(request, listener, FinishReason.LENGTH));
            return () -> {};
        }
        return () -> thread.execute(() -> end(request, listener, FinishReason.CANCELLED));
    }

    private static void end(GenerationRequest request, GenerationListener listener, FinishReason reason) {
        listener.onFinished(new GenerationResult(reason, new int[] {0}, WORD, request.promptTokens().length, 0));
    }

    @Override
    public EngineInfo info() {
        return new EngineInfo("none", "cpu", "none", "stub/1", 4096, 1);
    }

    @Override
    public EngineStats stats() {
        return new EngineStats(0, 0, 0, 0, 0);
    }

    @Override
    public boolean healthy() {
        return true;
    }

    @Override
    public void close() {
        thread.close();
    }
}
