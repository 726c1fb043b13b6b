package dev.candor.inference.e2e;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Keeps what LangChain4j hands over of a streamed answer. */
final class CollectingHandler implements StreamingChatResponseHandler {
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final boolean cancels;

    CollectingHandler() {
        this(false);
    }

    private CollectingHandler(boolean cancels) {
        this.cancels = cancels;
    }

    /** One that cancels the stream when its first text comes. */
    static CollectingHandler cancellingAtOnce() {
        return new CollectingHandler(true);
    }

    @Override
    public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
        text.append(part.text());
        begun.complete(null);
        if (cancels) {
            context.streamingHandle().cancel();
        }
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        whole.complete(response);
    }

    @Override
    public void onError(Throwable error) {
        begun.completeExceptionally(error);
        whole.completeExceptionally(error);
    }

    /** Waits for the first text. */
    void awaitText() throws Exception {
        begun.get(60, TimeUnit.SECONDS);
    }

    /** Waits for the end of the answer. */
    ChatResponse await() throws Exception {
        return whole.get(120, TimeUnit.SECONDS);
    }

    /** The parts so far, joined. */
    String text() {
        return text.toString();
    }
}
