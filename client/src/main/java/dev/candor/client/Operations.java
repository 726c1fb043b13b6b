package dev.candor.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.client.api.AnswerReceipt;
import dev.candor.client.api.ChatAnswer;
import dev.candor.client.api.ChatDelta;
import dev.candor.client.api.ChatRequest;
import dev.candor.client.api.ClassifyAnswer;
import dev.candor.client.api.ClassifyRequest;
import dev.candor.client.api.CompletionAnswer;
import dev.candor.client.api.CompletionRequest;
import dev.candor.client.api.EmbeddingAnswer;
import dev.candor.client.api.EmbeddingRequest;
import dev.candor.client.api.InferenceMode;
import dev.candor.client.api.RecordAnswer;
import dev.candor.client.api.RerankAnswer;
import dev.candor.client.api.RerankRequest;
import dev.candor.client.api.ResponseAnswer;
import dev.candor.client.api.ResponseFormat;
import dev.candor.client.api.ResponseRequest;
import dev.candor.client.sdk.AnswerSink;
import dev.candor.client.sdk.CallControl;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** What can be asked of a node, each with the control that may end it early. */
final class Operations {
    static final String CHAT = "v1/chat/completions";

    private final Calls calls;

    Operations(Calls calls) {
        this.calls = calls;
    }

    ChatAnswer chat(ChatRequest request, CallControl control) {
        return whole(CHAT, request.json(), request.mode(), ChatAnswer::of, control);
    }

    <T extends Record> RecordAnswer<T> chat(ChatRequest request, Class<T> type, CallControl control) {
        ChatAnswer answer = chat(request.withFormat(ResponseFormat.of(type)), control);
        return new RecordAnswer<>(answer.as(type), answer);
    }

    /** @param deltas gets the parts as they come, unverified */
    ChatAnswer stream(ChatRequest request, Consumer<ChatDelta> deltas, CallControl control) {
        ObjectNode body = request.json().put("stream", true);
        if (calls.mode(request.mode()) == InferenceMode.NONE) {
            body.putObject("stream_options").put("include_usage", true);
        }
        StreamedChat streamed = new StreamedChat(deltas);
        Calls.Given given = calls.post(CHAT, body, request.mode(), streamed, control);
        return calls.settle(given, proof -> given.stream() ? streamed.answer(given.body(), proof) : ChatAnswer.of(given.json(), proof), control);
    }

    CompletionAnswer complete(CompletionRequest request, CallControl control) {
        return whole("v1/completions", request.json(), request.mode(), CompletionAnswer::of, control);
    }

    ResponseAnswer respond(ResponseRequest request, CallControl control) {
        return whole("v1/responses", request.json(), request.mode(), ResponseAnswer::of, control);
    }

    EmbeddingAnswer embed(EmbeddingRequest request, CallControl control) {
        return whole("v1/embeddings", request.json(), request.mode(), EmbeddingAnswer::of, control);
    }

    RerankAnswer rerank(RerankRequest request, CallControl control) {
        return whole("v1/rerank", request.json(), request.mode(), RerankAnswer::of, control);
    }

    ClassifyAnswer classify(ClassifyRequest request, CallControl control) {
        return whole("v1/classify", request.json(), request.mode(), ClassifyAnswer::of, control);
    }

    private <A> A whole(
            String path, ObjectNode body, Optional<InferenceMode> mode, BiFunction<JsonNode, Optional<AnswerReceipt>, A> read, CallControl control) {
        Calls.Given given = calls.post(path, body, mode, AnswerSink.none(), control);
        return calls.settle(given, proof -> read.apply(given.json(), proof), control);
    }
}
