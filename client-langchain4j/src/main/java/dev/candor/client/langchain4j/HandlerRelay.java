package dev.candor.client.langchain4j;

import dev.candor.client.ChatListener;
import dev.candor.client.api.ChatAnswer;
import dev.candor.client.api.ChatDelta;
import dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Hands the parts of one answer, and its end, to a handler of LangChain4j. */
final class HandlerRelay implements ChatListener, StreamingHandle {
    private final StreamingChatResponseHandler handler;
    private final Map<Integer, ChatDelta.CallPart> begun = new HashMap<>();
    private CompletableFuture<ChatAnswer> call;
    private boolean cancelled;

    HandlerRelay(StreamingChatResponseHandler handler) {
        this.handler = handler;
    }

    /** Takes the call's end on; the call may have been cancelled by its first part already. */
    void follow(CompletableFuture<ChatAnswer> started) {
        synchronized (this) {
            call = started;
            if (cancelled) {
                started.cancel(true);
            }
        }
        started.whenComplete(this::ended);
    }

    @Override
    public void onDelta(ChatDelta delta) {
        if (isCancelled()) {
            return;
        }
        ChatListener.super.onDelta(delta);
        for (ChatDelta.CallPart part : delta.toolCalls()) {
            ChatDelta.CallPart first = begun.computeIfAbsent(part.index(), index -> part);
            if (!part.arguments().isEmpty() && first.name().isPresent()) {
                relay(part, first);
            }
        }
    }

    /** LangChain4j takes no part without a name or without arguments. */
    private void relay(ChatDelta.CallPart part, ChatDelta.CallPart first) {
        InternalStreamingChatResponseHandlerUtils.onPartialToolCall(handler, PartialToolCall.builder()
                .index(part.index())
                .id(first.id().orElse(null))
                .name(first.name().get())
                .partialArguments(part.arguments())
                .build(), this);
    }

    @Override
    public void onText(String text) {
        InternalStreamingChatResponseHandlerUtils.onPartialResponse(handler, text, this);
    }

    @Override
    public void onReasoning(String text) {
        InternalStreamingChatResponseHandlerUtils.onPartialThinking(handler, text, this);
    }

    private void ended(ChatAnswer answer, Throwable failure) {
        if (isCancelled()) {
            return;
        }
        if (failure != null) {
            Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            InternalStreamingChatResponseHandlerUtils.withLoggingExceptions(() -> handler.onError(cause));
            return;
        }
        for (int i = 0; i < answer.toolCalls().size(); i++) {
            InternalStreamingChatResponseHandlerUtils.onCompleteToolCall(
                    handler, new CompleteToolCall(i, ResponseMapping.call(answer.toolCalls().get(i))));
        }
        InternalStreamingChatResponseHandlerUtils.onCompleteResponse(handler, ResponseMapping.response(answer));
    }

    @Override
    public synchronized void cancel() {
        cancelled = true;
        if (call != null) {
            call.cancel(true);
        }
    }

    @Override
    public synchronized boolean isCancelled() {
        return cancelled;
    }
}
