package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptAttachment;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.responses.ResponseDraft;
import dev.candor.inference.openai.responses.ResponseEvents;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A response as server-sent events, then the receipt as comment lines (or as an event, for a client that asks), then {@code [DONE]}. The head
 * goes out with the first token, so that a failure before it is an ordinary error. The last event waits until the response is charged and kept,
 * so that whoever has seen it can continue the response.
 */
final class StreamedResponse implements GenerationAnswer {
    private static final byte[] DONE = ReceiptAttachment.DONE.getBytes(StandardCharsets.US_ASCII);

    private final Sse sse;
    private final ResponseLook look;
    private final ResponseEvents events;
    private final ResponseDraft draft;
    private final ResponseKeeping keeping;
    private final ReceiptFields fields;
    private final Json json;
    private final boolean receiptAsEvent;
    private boolean open;
    private ObjectNode finished;

    /** @param draft tells its events to {@code sse} */
    StreamedResponse(
            Sse sse,
            ResponseLook look,
            ResponseEvents events,
            ResponseDraft draft,
            ResponseKeeping keeping,
            ReceiptFields fields,
            Json json,
            boolean receiptAsEvent) {
        this.sse = sse;
        this.look = look;
        this.events = events;
        this.draft = draft;
        this.keeping = keeping;
        this.fields = fields;
        this.json = json;
        this.receiptAsEvent = receiptAsEvent;
    }

    @Override
    public synchronized void progress(int sequence, Progress progress) {
        open();
        draft.progress(progress, look.scores(progress));
    }

    @Override
    public synchronized List<String> reasons(List<GenerationResult> chosen) {
        open();
        return List.of(draft.finishReason(chosen.getFirst().finishReason().wire()));
    }

    @Override
    public synchronized OutputBinding finish(List<GenerationResult> chosen, UsageBinding usage) throws ReceiptVerificationException {
        ObjectNode whole = draft.finish(usage, look.seconds().getAsLong());
        sse.hold();
        finished = whole;
        draft.tell(whole);
        return OutputBinding.ofStream(fields.order().path(), sse.bytes(), List.of(chosen.getFirst().tokens()));
    }

    @Override
    public synchronized Reply seal(Optional<SignedAnswer> receipt) {
        fields.attachment(receipt).ifPresent(attachment -> sse.raw(receiptAsEvent ? attachment.event() : attachment.comments()));
        sse.raw(DONE);
        return new Reply(200, headers(), sse.bytes());
    }

    @Override
    public synchronized void deliver(Reply sealed) {
        keeping.keep(fields.order(), finished, json.bytes(finished));
        sse.release();
        sse.end();
    }

    @Override
    public synchronized boolean fail(ApiException failure) {
        if (open) {
            if (finished != null) {
                sse.discard();
                events.takeBack();
            }
            draft.fail((ObjectNode) failure.body().get("error"));
            sse.end();
        }
        return open;
    }

    private void open() {
        if (!open) {
            open = true;
            sse.open(headers());
            draft.begin();
        }
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>(Sse.HEADERS);
        headers.putAll(fields.headers(Optional.empty()));
        headers.putAll(look.ignored().headers());
        return headers;
    }
}
