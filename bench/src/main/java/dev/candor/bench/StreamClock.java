package dev.candor.bench;

import dev.candor.inference.engine.GenerationListener;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Notes when each token of one sequence came. */
final class StreamClock implements GenerationListener {
    private record Tick(long nanos, int tokens) {}

    private final long submitted = System.nanoTime();
    private final List<Tick> ticks = new ArrayList<>();
    private final CompletableFuture<GenerationResult> end = new CompletableFuture<>();

    @Override
    public void onProgress(Progress progress) {
        ticks.add(new Tick(System.nanoTime(), progress.tokens()));
    }

    @Override
    public void onFinished(GenerationResult result) {
        ticks.add(new Tick(System.nanoTime(), result.tokens().length));
        end.complete(result);
    }

    @Override
    public void onFailed(Exception failure) {
        end.completeExceptionally(failure);
    }

    /** Waits for the end; the other methods may be called afterwards. */
    GenerationResult await() throws InterruptedException, ExecutionException {
        return end.get();
    }

    long submitted() {
        return submitted;
    }

    long first() {
        return ticks.getFirst().nanos();
    }

    long last() {
        return ticks.getLast().nanos();
    }

    /** Tokens that had come by then. */
    int tokensAt(long nanos) {
        int tokens = 0;
        for (Tick tick : ticks) {
            if (tick.nanos() <= nanos) {
                tokens = tick.tokens();
            }
        }
        return tokens;
    }
}
