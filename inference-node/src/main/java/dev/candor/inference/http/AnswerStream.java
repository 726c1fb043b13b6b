package dev.candor.inference.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.receipt.ReceiptAttachment;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.IgnoredMembers;
import dev.candor.inference.openai.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The events of one answer: chunks, then the receipt as comment lines (or as an event, for a client that asks), then {@code [DONE]}. The head
 * goes out with the first chunk, so that a failure before it is an ordinary error. Calls come one after another.
 */
final class AnswerStream {
    private static final byte[] DONE = ReceiptAttachment.DONE.getBytes(StandardCharsets.US_ASCII);

    private final Sse sse;
    private final ReceiptFields fields;
    private final IgnoredMembers ignored;
    private final Json json;
    private final boolean receiptAsEvent;
    private boolean open;

    AnswerStream(Sse sse, ReceiptFields fields, IgnoredMembers ignored, Json json, boolean receiptAsEvent) {
        this.sse = sse;
        this.fields = fields;
        this.ignored = ignored;
        this.json = json;
        this.receiptAsEvent = receiptAsEvent;
    }

    /** Sends the head, once. @return whether it had not been sent yet */
    boolean open() {
        if (open) {
            return false;
        }
        open = true;
        sse.open(headers());
        return true;
    }

    void chunk(JsonNode data) {
        sse.data(json.bytes(data));
    }

    /** All bytes so far. */
    byte[] bytes() {
        return sse.bytes();
    }

    /** As {@link GenerationAnswer#seal}. */
    Reply seal(Optional<SignedAnswer> receipt) {
        sse.hold();
        fields.attachment(receipt).ifPresent(attachment -> sse.raw(receiptAsEvent ? attachment.event() : attachment.comments()));
        sse.raw(DONE);
        return new Reply(200, headers(), sse.bytes());
    }

    /** As {@link GenerationAnswer#deliver}. */
    void deliver() {
        sse.release();
        sse.end();
    }

    /** As {@link GenerationAnswer#fail}. */
    boolean fail(ApiException failure) {
        if (open) {
            sse.discard();
            chunk(failure.body());
            sse.end();
        }
        return open;
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>(Sse.HEADERS);
        headers.putAll(fields.headers(Optional.empty()));
        headers.putAll(ignored.headers());
        return headers;
    }
}
