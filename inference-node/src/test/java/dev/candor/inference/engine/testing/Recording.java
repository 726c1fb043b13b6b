package dev.candor.inference.engine.testing;

import dev.candor.inference.engine.GenerationListener;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.Progress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A listener that keeps what it hears. */
public final class Recording implements GenerationListener {
    private final StringBuffer text = new StringBuffer();
    private final CompletableFuture<GenerationResult> end = new CompletableFuture<>();
    private final CountDownLatch firstText = new CountDownLatch(1);

    @Override
    public void onProgress(Progress progress) {
        text.append(progress.text());
        firstText.countDown();
    }

    @Override
    public void onFinished(GenerationResult result) {
        if (!end.complete(result)) {
            throw new AssertionError("told of a second end");
        }
    }

    @Override
    public void onFailed(Exception failure) {
        if (!end.completeExceptionally(failure)) {
            throw new AssertionError("told of a second end");
        }
    }

    /** All text told so far. */
    public String text() {
        return text.toString();
    }

    public void awaitText() throws InterruptedException {
        if (!firstText.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("no text came");
        }
    }

    /** Whether the end has come by then. */
    public boolean endsWithin(Duration time) throws InterruptedException {
        try {
            end.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    /** Waits for the end. @throws ExecutionException with the failure */
    public GenerationResult result() throws Exception {
        return end.get(60, TimeUnit.SECONDS);
    }
}
