package dev.candor.inference.http;

import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.Generation;
import dev.candor.inference.engine.GenerationListener;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.metrics.RequestTimer;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** The sequences of one request at work, for the thread that waits for their end. */
final class GenerationRun {
    private final RequestTimer timer;
    private final AtomicInteger tokens = new AtomicInteger();
    private final List<CompletableFuture<GenerationResult>> ends = new ArrayList<>();
    private final List<Generation> generations = new ArrayList<>();
    private boolean cancelled;

    /** Takes what comes, on the engine's thread; must not block. */
    interface Sink {
        void progress(int sequence, Progress progress);
    }

    GenerationRun(RequestTimer timer) {
        this.timer = timer;
    }

    /**
     * Queues the sequences.
     *
     * @throws ApiException if the engine cannot take the request at all; whoever waits must {@link #cancel} what was queued of it
     */
    void start(InferenceEngine engine, List<GenerationRequest> requests, Sink sink) throws EngineOverloadedException, ApiException {
        requests.forEach(request -> ends.add(new CompletableFuture<>()));
        for (int i = 0; i < requests.size(); i++) {
            try {
                add(engine.submit(requests.get(i), new Listener(i, sink)));
            } catch (IllegalArgumentException e) {
                throw new ApiException(ErrorCode.INVALID_VALUE, "The model cannot take this request: " + e.getMessage() + ".");
            }
        }
    }

    private synchronized void add(Generation generation) {
        generations.add(generation);
        if (cancelled) {
            generation.cancel();
        }
    }

    /** Stops the sequences, now or as soon as they have started; {@link #await} then gives what there is. */
    synchronized void cancel() {
        cancelled = true;
        generations.forEach(Generation::cancel);
    }

    /** In the order of the requests. @throws Exception the engine's failure, once one of them has failed; the others are to be cancelled then */
    List<GenerationResult> await() throws Exception {
        List<GenerationResult> results = new ArrayList<>();
        try {
            for (CompletableFuture<GenerationResult> end : ends) {
                results.add(end.get());
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        return results;
    }

    private final class Listener implements GenerationListener {
        private final int sequence;
        private final Sink sink;
        private int seen;

        Listener(int sequence, Sink sink) {
            this.sequence = sequence;
            this.sink = sink;
        }

        @Override
        public void onProgress(Progress progress) {
            timer.tokens(tokens.addAndGet(progress.tokens() - seen));
            seen = progress.tokens();
            sink.progress(sequence, progress);
        }

        @Override
        public void onFinished(GenerationResult result) {
            ends.get(sequence).complete(result);
        }

        @Override
        public void onFailed(Exception failure) {
            // Nobody gets the others without this one, so that whoever waits is to hear of it at once.
            ends.forEach(end -> end.completeExceptionally(failure));
        }
    }
}
