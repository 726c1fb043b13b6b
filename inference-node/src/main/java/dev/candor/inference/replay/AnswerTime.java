package dev.candor.inference.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.client.verify.ReceiptBundle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * When an answer's prompt was made, which is what a chat template was told of the date: the answer's {@code created}, or a response's
 * {@code created_at}, which the receipt's digest of its bytes covers. A receipt is issued at the end of its answer, so its own time may be of the next day.
 */
final class AnswerTime {
    /** No answer takes longer. */
    private static final Duration LONGEST = Duration.ofDays(2);
    private static final String DATA = "data: ";

    private AnswerTime() {}

    /** The receipt's own time, where the answer says none that can be. */
    static Instant of(ReceiptBundle.Exchange exchange, Receipt receipt) {
        JsonNode answer = first(exchange);
        JsonNode created = answer.path(answer.has("created_at") ? "created_at" : "created");
        if (created.isIntegralNumber() && created.canConvertToLong()) {
            long before = receipt.issuedAt().getEpochSecond() - created.longValue();
            if (before >= 0 && before <= LONGEST.toSeconds()) {
                return Instant.ofEpochSecond(created.longValue());
            }
        }
        return receipt.issuedAt();
    }

    /** The answer, or its first chunk, or the response that its first event tells of; missing if it cannot be read. */
    static JsonNode first(ReceiptBundle.Exchange exchange) {
        try {
            JsonNode answer = StrictJson.parse(exchange.format().equals(OutputBinding.SSE) ? firstEvent(exchange.response()) : exchange.response());
            return answer.path("response").isObject() ? answer.get("response") : answer;
        } catch (InvalidJsonException e) {
            return MissingNode.getInstance();
        }
    }

    private static byte[] firstEvent(byte[] stream) {
        return new String(stream, StandardCharsets.UTF_8).lines()
                .filter(line -> line.startsWith(DATA)).findFirst().map(line -> line.substring(DATA.length())).orElse("")
                .getBytes(StandardCharsets.UTF_8);
    }
}
