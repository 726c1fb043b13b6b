package dev.candor.client.sdk;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.client.pay.SignedPayment;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sends one request until its answer is whole. With a payment the same bytes are sent again after a lost connection: the node
 * then gives the stored answer, and blocks the sink already has are skipped.
 */
final class PaidExchange {
    private static final int MAX_STREAM = 64 << 20;
    private static final int MAX_RETRIES = 4;
    private static final long FIRST_WAIT_MILLIS = 300;
    private static final long MAX_WAIT_SECONDS = 30;

    private final NodeConnection node;
    private final ObjectMapper json = new ObjectMapper();

    PaidExchange(NodeConnection node) {
        this.node = node;
    }

    NodeConnection node() {
        return node;
    }

    RawAnswer send(String path, byte[] body, Map<String, String> headers, Optional<SignedPayment> payment, AnswerSink sink)
            throws NodeException, InterruptedException {
        Map<String, String> all = new HashMap<>(headers);
        payment.ifPresent(value -> all.put("PAYMENT-SIGNATURE", value.header()));
        int[] forwarded = {0};
        for (int retry = 0; ; retry++) {
            try {
                RawAnswer answer = once(path, body, all, sink, forwarded);
                Optional<Long> wait = payment.flatMap(value -> waitIfInUse(answer.answer()));
                if (wait.isEmpty() || retry == MAX_RETRIES) {
                    return answer;
                }
                TimeUnit.SECONDS.sleep(wait.get());
            } catch (SinkException e) {
                throw new NodeException("the answer's reader is gone: " + e.getMessage(), e);
            } catch (IOException e) {
                if (payment.isEmpty() || retry == MAX_RETRIES) {
                    throw node.unreachable(e);
                }
                TimeUnit.MILLISECONDS.sleep(FIRST_WAIT_MILLIS << retry);
            }
        }
    }

    private RawAnswer once(String path, byte[] body, Map<String, String> headers, AnswerSink sink, int[] forwarded)
            throws IOException, NodeException, InterruptedException {
        HttpResponse<InputStream> response = node.post(path, body, headers);
        boolean stream = response.statusCode() == 200
                && response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
        byte[] answer = stream ? stream(response.body(), sink, forwarded) : NodeConnection.bounded(response.body());
        return new RawAnswer(new NodeAnswer(response.statusCode(), response.headers(), answer), stream);
    }

    private byte[] stream(InputStream body, AnswerSink sink, int[] forwarded) throws IOException, NodeException {
        SseEvents events = new SseEvents(MAX_STREAM);
        byte[] buffer = new byte[8192];
        int seen = 0;
        boolean done = false;
        try (body) {
            for (int length; (length = body.read(buffer)) >= 0; ) {
                List<byte[]> blocks = events.feed(buffer, length);
                for (byte[] block : blocks) {
                    done |= SseEvents.isDone(block);
                    if (!SseEvents.isDone(block) && !SseEvents.isCandorPart(block) && seen++ >= forwarded[0]) {
                        forward(sink, block);
                        forwarded[0]++;
                    }
                }
            }
        }
        if (!done) {
            throw new IOException("the stream broke off before its end");
        }
        return events.whole();
    }

    private static void forward(AnswerSink sink, byte[] block) throws SinkException {
        try {
            sink.event(block);
        } catch (IOException e) {
            throw new SinkException(e);
        }
    }

    private Optional<Long> waitIfInUse(NodeAnswer answer) {
        try {
            if (answer.status() == 409 && json.readTree(answer.body()).at("/error/code").asText().equals("payment_in_use")) {
                long seconds = answer.headers().firstValueAsLong("Retry-After").orElse(1);
                return Optional.of(Math.clamp(seconds, 1, MAX_WAIT_SECONDS));
            }
            return Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The reader's own failure, which is no reason to try again. */
    private static final class SinkException extends IOException {
        SinkException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
