package dev.candor.client;

import dev.candor.client.api.ChatAnswer;
import dev.candor.client.api.ChatRequest;
import dev.candor.client.api.ClassifyAnswer;
import dev.candor.client.api.ClassifyRequest;
import dev.candor.client.api.CompletionAnswer;
import dev.candor.client.api.CompletionRequest;
import dev.candor.client.api.EmbeddingAnswer;
import dev.candor.client.api.EmbeddingRequest;
import dev.candor.client.api.RecordAnswer;
import dev.candor.client.api.RerankAnswer;
import dev.candor.client.api.RerankRequest;
import dev.candor.client.api.ResponseAnswer;
import dev.candor.client.api.ResponseRequest;
import dev.candor.client.sdk.CallControl;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The calls of {@link CandorClient} without waiting, each on a virtual thread of its own. Cancelling a future ends its call at the node; what was
 * generated until then may be charged. Failures are the same exceptions. Thread-safe.
 *
 * {@snippet file="dev/candor/client/examples/StreamExample.java" region="async"}
 */
public final class AsyncCandorClient {
    private final Operations operations;
    private final Duration timeout;

    AsyncCandorClient(Operations operations, Duration timeout) {
        this.operations = operations;
        this.timeout = timeout;
    }

    /** As {@link CandorClient#chat(ChatRequest)}. */
    public CompletableFuture<ChatAnswer> chat(ChatRequest request) {
        return call(control -> operations.chat(request, control));
    }

    /** As {@link CandorClient#chat(ChatRequest, Class)}. */
    public <T extends Record> CompletableFuture<RecordAnswer<T>> chat(ChatRequest request, Class<T> type) {
        return call(control -> operations.chat(request, type, control));
    }

    /** As {@link CandorClient#stream(ChatRequest, ChatListener)}; the listener is called on the call's thread. */
    public CompletableFuture<ChatAnswer> stream(ChatRequest request, ChatListener listener) {
        return call(control -> operations.stream(request, listener::onDelta, control));
    }

    /** As {@link CandorClient#complete}. */
    public CompletableFuture<CompletionAnswer> complete(CompletionRequest request) {
        return call(control -> operations.complete(request, control));
    }

    /** As {@link CandorClient#respond}. */
    public CompletableFuture<ResponseAnswer> respond(ResponseRequest request) {
        return call(control -> operations.respond(request, control));
    }

    /** As {@link CandorClient#embed}. */
    public CompletableFuture<EmbeddingAnswer> embed(EmbeddingRequest request) {
        return call(control -> operations.embed(request, control));
    }

    /** As {@link CandorClient#rerank}. */
    public CompletableFuture<RerankAnswer> rerank(RerankRequest request) {
        return call(control -> operations.rerank(request, control));
    }

    /** As {@link CandorClient#classify}. */
    public CompletableFuture<ClassifyAnswer> classify(ClassifyRequest request) {
        return call(control -> operations.classify(request, control));
    }

    private <A> CompletableFuture<A> call(Function<CallControl, A> operation) {
        CallControl control = CallControl.within(timeout);
        CompletableFuture<A> future = new CompletableFuture<>();
        future.whenComplete((answer, failure) -> {
            if (future.isCancelled()) {
                control.cancel();
            }
        });
        Thread.ofVirtual().name("candor-call").start(() -> run(operation, control, future));
        return future;
    }

    private static <A> void run(Function<CallControl, A> operation, CallControl control, CompletableFuture<A> future) {
        try (control) {
            future.complete(operation.apply(control));
        } catch (RuntimeException | Error e) {
            future.completeExceptionally(e);
        }
    }
}
