package dev.candor.inference.proxy;

import dev.candor.client.pay.PaymentException;
import dev.candor.client.pay.SpendingLimitException;
import dev.candor.client.sdk.NodeException;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/** Turns what goes wrong in the proxy into OpenAI-shaped errors. */
final class ProxyErrors {
    private static final System.Logger LOG = System.getLogger(ProxyErrors.class.getName());

    private ProxyErrors() {}

    static ApiException of(Exception failure) {
        return switch (failure) {
            case ApiException api -> api;
            case SpendingLimitException limit -> new ApiException(ErrorCode.SPENDING_LIMIT, limit.getMessage());
            case PaymentException payment -> new ApiException(ErrorCode.PAYMENT_FAILED, payment.getMessage());
            case NodeException node -> new ApiException(ErrorCode.NODE_UNAVAILABLE, node.getMessage());
            default -> {
                LOG.log(System.Logger.Level.ERROR, "a proxied request failed", failure);
                yield new ApiException(ErrorCode.INTERNAL, "The proxy failed; its log says why.").noRetry();
            }
        };
    }

    static void failed(RoutingContext context) {
        ApiException error = switch (context.statusCode()) {
            case 413 -> new ApiException(ErrorCode.BODY_TOO_LARGE, "The request body is larger than the proxy takes (1 MiB; for a replay 8 MiB).");
            default -> context.failure() instanceof Exception failure
                    ? of(failure)
                    : new ApiException(ErrorCode.BAD_REQUEST, "The proxy cannot read the request.");
        };
        send(context, error);
    }

    /** Answers with the error unless an answer has begun. */
    static void send(RoutingContext context, ApiException error) {
        context.vertx().runOnContext(ignored -> {
            var response = context.response();
            if (response.headWritten() || response.closed()) {
                return;
            }
            response.setStatusCode(error.error().status()).putHeader("content-type", "application/json");
            error.headers().forEach(response::putHeader);
            response.end(Buffer.buffer(error.body().toString()));
        });
    }
}
