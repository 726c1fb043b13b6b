package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptAttachment;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Completion;
import dev.candor.inference.openai.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An answer as server-sent events: chunks, then the receipt as comment lines (or as an event, for a client that asks), then
 * {@code [DONE]}. The head goes out with the first token, so that a failure before it is an ordinary error.
 */
final class StreamedAnswer implements GenerationAnswer {
    private static final byte[] DONE = ReceiptAttachment.DONE.getBytes(StandardCharsets.US_ASCII);

    private final Sse sse;
    private final Completion completion;
    private final boolean includeUsage;
    private final ReceiptFields fields;
    private final Json json;
    private final boolean receiptAsEvent;
    private boolean open;

    StreamedAnswer(Sse sse, Completion completion, boolean includeUsage, ReceiptFields fields, Json json, boolean receiptAsEvent) {
        this.sse = sse;
        this.completion = completion;
        this.includeUsage = includeUsage;
        this.fields = fields;
        this.json = json;
        this.receiptAsEvent = receiptAsEvent;
    }

    @Override
    public synchronized void progress(int sequence, Progress progress) {
        open();
        if (!progress.text().isEmpty()) {
            chunk(JsonNodeFactory.instance.objectNode().put("content", progress.text()), null);
        }
    }

    @Override
    public synchronized OutputBinding finish(List<GenerationResult> chosen, UsageBinding usage) throws ReceiptVerificationException {
        GenerationResult result = chosen.getFirst();
        open();
        chunk(JsonNodeFactory.instance.objectNode(), result.finishReason().wire());
        if (includeUsage) {
            sse.data(json.bytes(completion.usageChunk(usage)));
        }
        return OutputBinding.ofStream(fields.order().path(), sse.bytes(), List.of(result.tokens()));
    }

    @Override
    public synchronized Reply seal(Optional<SignedAnswer> receipt) {
        sse.hold();
        fields.attachment(receipt).ifPresent(attachment -> sse.raw(receiptAsEvent ? attachment.event() : attachment.comments()));
        sse.raw(DONE);
        return new Reply(200, headers(), sse.bytes());
    }

    @Override
    public synchronized void deliver(Reply sealed) {
        sse.release();
        sse.end();
    }

    @Override
    public synchronized boolean fail(ApiException failure) {
        if (open) {
            sse.discard();
            sse.data(json.bytes(failure.body()));
            sse.end();
        }
        return open;
    }

    private void open() {
        if (open) {
            return;
        }
        open = true;
        sse.open(headers());
        chunk(JsonNodeFactory.instance.objectNode().put("role", "assistant").put("content", ""), null);
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>(Sse.HEADERS);
        headers.putAll(fields.headers(Optional.empty()));
        return headers;
    }

    private void chunk(ObjectNode delta, String finishReason) {
        sse.data(json.bytes(completion.chunk(delta, finishReason, includeUsage)));
    }
}
