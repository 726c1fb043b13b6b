package dev.candor.inference.http;

import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.Generation;
import dev.candor.inference.engine.GenerationListener;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.metrics.RequestTimer;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** A sequence at work, for the thread that waits for its end. */
final class GenerationRun implements GenerationListener {
    private volatile Consumer<String> onText;
    private final RequestTimer timer;
    private final CompletableFuture<GenerationResult> end = new CompletableFuture<>();
    private final CompletableFuture<Generation> generation = new CompletableFuture<>();

    GenerationRun(RequestTimer timer) {
        this.timer = timer;
    }

    /**
     * Queues the sequence.
     *
     * @param onText called on the engine's thread with each piece of text; must not block
     * @throws ApiException if the engine cannot take the request at all
     */
    void start(InferenceEngine engine, GenerationRequest request, Consumer<String> onText) throws EngineOverloadedException, ApiException {
        this.onText = onText;
        try {
            generation.complete(engine.submit(request, this));
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "The model cannot take this request: " + e.getMessage() + ".");
        }
    }

    /** Stops the sequence, now or as soon as it has started; {@link #await} then gives what there is. */
    void cancel() {
        generation.thenAccept(Generation::cancel);
    }

    /** @throws Exception the engine's failure */
    GenerationResult await() throws Exception {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @Override
    public void onText(String text, int tokens) {
        timer.tokens(tokens);
        onText.accept(text);
    }

    @Override
    public void onFinished(GenerationResult result) {
        end.complete(result);
    }

    @Override
    public void onFailed(Exception failure) {
        end.completeExceptionally(failure);
    }
}
