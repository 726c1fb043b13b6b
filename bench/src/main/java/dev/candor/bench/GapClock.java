package dev.candor.bench;

import dev.candor.inference.engine.GenerationListener;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/** Notes when the text of one sequence came, and tells when there was enough of it. */
final class GapClock implements GenerationListener {
    private final int enough;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final List<Long> ticks = new ArrayList<>();
    private final CompletableFuture<GenerationResult> end = new CompletableFuture<>();

    /** @param enough tokens after which {@link #awaitEnough} returns */
    GapClock(int enough) {
        this.enough = enough;
    }

    @Override
    public synchronized void onProgress(Progress progress) {
        ticks.add(System.nanoTime());
        if (progress.tokens() >= enough) {
            reached.countDown();
        }
    }

    @Override
    public void onFinished(GenerationResult result) {
        reached.countDown();
        end.complete(result);
    }

    @Override
    public void onFailed(Exception failure) {
        reached.countDown();
        end.completeExceptionally(failure);
    }

    /** Waits for so many tokens, or the end. */
    void awaitEnough() throws InterruptedException {
        reached.await();
    }

    GenerationResult await() throws InterruptedException, ExecutionException {
        return end.get();
    }

    /** When the first text came, as {@link System#nanoTime()}. */
    synchronized long first() {
        return ticks.getFirst();
    }

    /** Milliseconds between pieces of text, for pieces that came in that time. */
    synchronized List<Double> gaps(long from, long to) {
        List<Double> gaps = new ArrayList<>();
        for (int i = 1; i < ticks.size(); i++) {
            if (ticks.get(i - 1) >= from && ticks.get(i) <= to) {
                gaps.add((ticks.get(i) - ticks.get(i - 1)) / 1e6);
            }
        }
        return gaps;
    }
}
