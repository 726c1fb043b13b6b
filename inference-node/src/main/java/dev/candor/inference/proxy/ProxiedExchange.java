package dev.candor.inference.proxy;

import dev.candor.client.sdk.AnswerSink;
import dev.candor.client.sdk.CallControl;
import dev.candor.client.sdk.ExchangeOutcome;
import dev.candor.client.sdk.ExchangeRequest;
import dev.candor.client.sdk.NodeAnswer;
import dev.candor.client.sdk.VerifyingExchange;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One request for an answer: pays, passes the answer on as it comes, and ends it well only if its receipt verifies. It is given up when its client goes.
 */
final class ProxiedExchange implements AnswerSink {
    private static final String TIMEOUT = "Candor-Timeout";
    private static final String DONE = "data: [DONE]\n\n";
    private static final Duration LIMIT = Duration.ofMinutes(30);
    /** The last event of a streamed response, which says that it ended well. */
    private static final int END_LENGTH = 64;
    private static final Pattern END = Pattern.compile("event: response\\.(completed|incomplete)\r?\n");

    private final VerifyingExchange exchange;
    private final RoutingContext context;
    private final String path;
    private Buffer held = Buffer.buffer();
    private Optional<HttpHeaders> head = Optional.empty();
    private boolean streaming;

    /** @param path of the node, without a slash in front */
    ProxiedExchange(VerifyingExchange exchange, RoutingContext context, String path) {
        this.exchange = exchange;
        this.context = context;
        this.path = path;
    }

    void run() {
        try (CallControl control = CallControl.within(LIMIT)) {
            onClientGone(control::cancel);
            byte[] body = context.body().buffer() == null ? new byte[0] : context.body().buffer().getBytes();
            UnverifiableRequests.refuse(body);
            switch (exchange.post(new ExchangeRequest(path, body, headers(), control), this)) {
                case ExchangeOutcome.Answered answered when answered.report().verified() -> verified(answered);
                case ExchangeOutcome.Answered answered -> fail(new ApiException(
                                ErrorCode.RECEIPT_UNVERIFIED,
                                "The node's answer was not passed on as good, because its receipt does not verify: "
                                        + answered.report().summary())
                        .noRetry());
                case ExchangeOutcome.Unproven unproven -> fail(new ApiException(
                                ErrorCode.RECEIPT_UNVERIFIED,
                                "Nothing about the node's answer is proven: " + unproven.reason() + ".")
                        .noRetry());
                case ExchangeOutcome.Refused refused -> refused(refused.answer());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            fail(ProxyErrors.of(e));
        }
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>(NodeKey.of(context));
        String timeout = context.request().getHeader(TIMEOUT);
        if (timeout != null) {
            headers.put(TIMEOUT, timeout);
        }
        return headers;
    }

    private void onClientGone(Runnable action) {
        context.vertx().runOnContext(ignored -> {
            HttpServerResponse response = context.response();
            if (response.closed() && !response.ended()) {
                action.run();
                return;
            }
            response.closeHandler(closed -> {
                if (!response.ended()) {
                    action.run();
                }
            });
        });
    }

    @Override
    public void begin(HttpHeaders headers) {
        head = Optional.of(headers);
    }

    @Override
    public void event(byte[] block) throws IOException {
        if (END.matcher(new String(block, 0, Math.min(block.length, END_LENGTH), StandardCharsets.US_ASCII)).lookingAt()) {
            held = Buffer.buffer(block);
        } else {
            write(Buffer.buffer(block), false);
        }
    }

    private void verified(ExchangeOutcome.Answered answered) throws IOException {
        String id = answered.bundle().id().value();
        if (streaming) {
            write(held.appendString(": candor-verified " + id + "\n\n" + DONE), true);
            return;
        }
        byte[] body = answered.bundle().exchange().orElseThrow().response();
        await(onContext(response -> {
            head.ifPresent(headers -> NodeHeaders.pass(headers, response));
            return response.putHeader("content-type", "application/json")
                    .putHeader("candor-receipt-id", id)
                    .putHeader("candor-verified", "true")
                    .putHeader("cache-control", "private")
                    .end(Buffer.buffer(body));
        }));
    }

    private void refused(NodeAnswer answer) throws IOException {
        await(onContext(response -> {
            response.setStatusCode(answer.status()).putHeader("content-type", "application/json");
            NodeHeaders.pass(answer.headers(), response);
            return response.end(Buffer.buffer(answer.body()));
        }));
    }

    private void fail(ApiException error) {
        if (!streaming) {
            ProxyErrors.send(context, error);
            return;
        }
        try {
            write(Buffer.buffer(("data: " + error.body() + "\n\n").getBytes(StandardCharsets.UTF_8)), true);
        } catch (IOException e) {
            context.response().reset();
        }
    }

    /** Waits until the client has taken the bytes, so that a slow client slows the node's stream and nothing piles up. */
    private void write(Buffer bytes, boolean last) throws IOException {
        boolean first = !streaming;
        streaming = true;
        await(onContext(response -> {
            if (first) {
                head.ifPresent(headers -> NodeHeaders.pass(headers, response));
                response.setChunked(true).putHeader("content-type", "text/event-stream").putHeader("cache-control", "no-cache").putHeader("x-accel-buffering", "no");
            }
            return last ? response.end(bytes) : response.write(bytes);
        }));
    }

    private Future<Void> onContext(Function<HttpServerResponse, Future<Void>> action) {
        Promise<Void> done = Promise.promise();
        context.vertx().runOnContext(ignored -> {
            if (context.response().closed()) {
                done.fail("the client is gone");
            } else {
                action.apply(context.response()).onComplete(done);
            }
        });
        return done.future();
    }

    private static void await(Future<Void> future) throws IOException {
        try {
            future.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new IOException("the client is gone: " + e.getCause().getMessage(), e);
        }
    }
}
