package dev.candor.client.sdk;

import dev.candor.client.pay.SignedPayment;
import dev.candor.settlement.x402.X402Headers;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sends one request until its answer is whole. With a payment the same bytes are sent again with the same payment: the node
 * then gives the stored answer, and blocks the sink already has are skipped.
 */
final class PaidExchange {
    private static final int MAX_STREAM = 64 << 20;

    private final NodeConnection node;
    private final RetryPolicy retries;
    private final RetryAdvice advice;

    PaidExchange(NodeConnection node, RetryPolicy retries) {
        this.node = node;
        this.retries = retries;
        this.advice = new RetryAdvice(retries);
    }

    NodeConnection node() {
        return node;
    }

    RawAnswer send(ExchangeRequest request, Optional<SignedPayment> payment, AnswerSink sink) throws NodeException, InterruptedException {
        Map<String, String> all = new HashMap<>(request.headers());
        payment.ifPresent(value -> all.put(X402Headers.PAYMENT_SIGNATURE, value.header()));
        int[] forwarded = {0};
        for (int retry = 0; ; retry++) {
            Duration wait;
            try {
                RawAnswer answer = once(request, all, sink, forwarded);
                Optional<Duration> advised = advice.wait(answer.answer(), payment.isPresent(), retry);
                if (advised.isEmpty()) {
                    return answer;
                }
                wait = advised.get();
            } catch (SinkException e) {
                throw new NodeException("the answer's reader is gone: " + e.getMessage(), e);
            } catch (IOException e) {
                request.control().requireOpen(e);
                if (retry == retries.retries() || !lost(e, payment.isPresent())) {
                    throw node.unreachable(e);
                }
                wait = retries.backoff(retry);
            }
            request.control().sleep(wait);
        }
    }

    /** Unpaid work may have begun, so only a request that nobody took is sent again. */
    private boolean lost(IOException failure, boolean paid) {
        return paid || retries.unpaidConnect() && failure instanceof ConnectException;
    }

    private RawAnswer once(ExchangeRequest request, Map<String, String> headers, AnswerSink sink, int[] forwarded)
            throws IOException, NodeException, InterruptedException {
        HttpResponse<InputStream> response = node.post(request.path(), request.body(), headers, request.control());
        boolean given = response.statusCode() == 200;
        if (given) {
            sink.begin(response.headers());
        }
        boolean stream = given
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

    /** The reader's own failure, which is no reason to try again. */
    private static final class SinkException extends IOException {
        SinkException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
