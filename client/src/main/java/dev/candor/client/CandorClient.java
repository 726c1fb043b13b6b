package dev.candor.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.client.api.ChatAnswer;
import dev.candor.client.api.ChatRequest;
import dev.candor.client.api.ClassifyAnswer;
import dev.candor.client.api.ClassifyRequest;
import dev.candor.client.api.CompletionAnswer;
import dev.candor.client.api.CompletionRequest;
import dev.candor.client.api.EmbeddingAnswer;
import dev.candor.client.api.EmbeddingRequest;
import dev.candor.client.api.ModelInfo;
import dev.candor.client.api.RecordAnswer;
import dev.candor.client.api.RerankAnswer;
import dev.candor.client.api.RerankRequest;
import dev.candor.client.api.ResponseAnswer;
import dev.candor.client.api.ResponseRequest;
import dev.candor.client.api.TokenList;
import dev.candor.client.error.CandorException;
import dev.candor.client.error.ReceiptStoreException;
import dev.candor.client.sdk.CallControl;
import dev.candor.client.sdk.NodeException;
import dev.candor.client.verify.ReceiptStore;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Asks one node, pays it where it wants to be paid, and gives only answers that verify. Thread-safe; one client serves a whole program.
 *
 * {@snippet file="dev/candor/client/examples/ChatExample.java" region="five-lines"}
 *
 * All calls throw a {@link CandorException} where there is no answer that may be used. A call asks without a payment first; what the node then asks
 * for is signed once, if the limits allow it, and every further try sends the same payment with the same bytes, which a node charges once.
 */
public final class CandorClient implements AutoCloseable {
    private final Parts parts;
    private final Operations operations;

    /** What a client is made of. */
    CandorClient(Parts parts) {
        this.parts = parts;
        this.operations = parts.operations();
    }

    /**
     * Begins a client. Nothing is asked of the node yet.
     *
     * @param node its URL, for example {@code http://127.0.0.1:8080}
     * @throws IllegalArgumentException if it is no URL of http or https
     */
    public static CandorClientBuilder connect(String node) {
        return new CandorClientBuilder(URI.create(node));
    }

    /** As {@link #connect(String)}. */
    public static CandorClientBuilder connect(URI node) {
        return new CandorClientBuilder(node);
    }

    /** Asks a chat model. */
    public ChatAnswer chat(ChatRequest request) {
        return call(control -> operations.chat(request, control));
    }

    /**
     * Asks a chat model for a record: the answer is held to the record's schema and read into it.
     *
     * {@snippet file="dev/candor/client/examples/ChatExample.java" region="record"}
     *
     * @throws IllegalArgumentException if no schema can be made of {@code type}, see {@link dev.candor.client.api.RecordSchema}
     */
    public <T extends Record> RecordAnswer<T> chat(ChatRequest request, Class<T> type) {
        return call(control -> operations.chat(request, type, control));
    }

    /** Asks a chat model and gives the answer while it comes; its end verifies. */
    public ChatStream stream(ChatRequest request) {
        CallControl control = CallControl.within(parts.timeout());
        return ChatStream.start(control, deltas -> operations.stream(request, deltas, control));
    }

    /** Asks a chat model and hands the parts to {@code listener} while they come; returns when the answer is verified. */
    public ChatAnswer stream(ChatRequest request, ChatListener listener) {
        return call(control -> operations.stream(request, listener::onDelta, control));
    }

    /** Has a text gone on with. */
    public CompletionAnswer complete(CompletionRequest request) {
        return call(control -> operations.complete(request, control));
    }

    /** Goes on with a conversation that the node may remember. */
    public ResponseAnswer respond(ResponseRequest request) {
        return call(control -> operations.respond(request, control));
    }

    /** Makes vectors of texts. */
    public EmbeddingAnswer embed(EmbeddingRequest request) {
        return call(control -> operations.embed(request, control));
    }

    /** Puts documents in the order of how well they answer a query. */
    public RerankAnswer rerank(RerankRequest request) {
        return call(control -> operations.rerank(request, control));
    }

    /** Puts texts into classes. */
    public ClassifyAnswer classify(ClassifyRequest request) {
        return call(control -> operations.classify(request, control));
    }

    /** The same calls without waiting. */
    public AsyncCandorClient async() {
        return new AsyncCandorClient(operations, parts.timeout());
    }

    /** The models that the node says it serves. */
    public List<ModelInfo> models() {
        return parts.errors().guard(() -> {
            JsonNode list = parts.node().get("v1/models").orElseThrow(() -> new NodeException("the node has no /v1/models; is it a Candor node?"));
            return ModelInfo.listOf(list);
        });
    }

    /** One model, by its id. */
    public Optional<ModelInfo> model(String id) {
        return models().stream().filter(model -> model.id().equals(id)).findFirst();
    }

    /** A text in the tokens of a model. Free, and not verified. */
    public TokenList tokenize(String model, String text) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model).put("prompt", text);
        return TokenList.of(parts.told("tokenize", body));
    }

    /** The text of tokens. Free, and not verified. */
    public String detokenize(String model, List<Integer> tokens) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
        tokens.forEach(body.putArray("tokens")::add);
        return parts.told("detokenize", body).path("prompt").asText();
    }

    /** How many tokens a chat's messages and tools are for its model. Free, and not verified. */
    public int countTokens(ChatRequest request) {
        return parts.told("v1/chat/completions/input_tokens", request.json()).path("input_tokens").asInt();
    }

    /** Where receipts are kept, those of this client among them. */
    public ReceiptStore receipts() {
        return parts.receipts();
    }

    /** Waits, for a bounded time, until the receipts got so far are kept with their log proofs. */
    public void awaitProofs(Duration limit) {
        parts.errors().guard(() -> {
            parts.exchange().awaitProofs(limit);
            return Optional.empty();
        });
    }

    /** The account that pays, where there is one. */
    public Optional<EvmAddress> wallet() {
        return parts.wallet();
    }

    /** What today's payments (UTC) come to so far, in atomic units; a call counts with its cap until its charge is known. */
    public BigInteger spentToday() {
        try {
            return parts.budget().spentToday();
        } catch (IOException e) {
            throw new ReceiptStoreException("the count of what was spent cannot be read: " + e.getMessage(), e);
        }
    }

    private <A> A call(Function<CallControl, A> operation) {
        try (CallControl control = CallControl.within(parts.timeout())) {
            return operation.apply(control);
        }
    }

    /** Ends what is fetched in the background, and the connections, unless they were given from outside. */
    @Override
    public void close() {
        parts.exchange().close();
        parts.ownHttp().ifPresent(HttpClient::shutdownNow);
    }
}
