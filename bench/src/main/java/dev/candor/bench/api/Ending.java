package dev.candor.bench.api;

import dev.candor.inference.engine.GenerationListener;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.Progress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for a sequence's end. */
final class Ending implements GenerationListener {
    private final CompletableFuture<GenerationResult> end = new CompletableFuture<>();

    @Override
    public void onProgress(Progress progress) {
        // Only the end counts.
    }

    @Override
    public void onFinished(GenerationResult result) {
        end.complete(result);
    }

    @Override
    public void onFailed(Exception failure) {
        end.completeExceptionally(failure);
    }

    GenerationResult await() throws InterruptedException, ExecutionException {
        return end.get();
    }
}
