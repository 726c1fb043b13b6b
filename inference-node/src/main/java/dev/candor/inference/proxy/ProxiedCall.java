package dev.candor.inference.proxy;

import dev.candor.client.sdk.NodeAnswer;
import dev.candor.client.sdk.NodeConnection;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;

/** Passes on what carries its own evidence or none: models, receipts and proofs, tokens and their counts, stored responses. */
final class ProxiedCall {
    private final NodeConnection node;
    private final RoutingContext context;

    ProxiedCall(NodeConnection node, RoutingContext context) {
        this.node = node;
        this.context = context;
    }

    void run() {
        try {
            NodeAnswer answer = node.send(context.request().method().name(), context.request().uri(), headers(), body());
            context.vertx().runOnContext(ignored -> {
                var response = context.response().setStatusCode(answer.status());
                NodeHeaders.pass(answer.headers(), response);
                answer.headers().firstValue("content-type").ifPresent(type -> response.putHeader("content-type", type));
                response.end(Buffer.buffer(answer.body()));
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            ProxyErrors.send(context, ProxyErrors.of(e));
        }
    }

    private Map<String, String> headers() {
        String accept = context.request().getHeader("Accept");
        Map<String, String> headers = new HashMap<>(NodeKey.of(context));
        headers.put("Accept", accept == null ? "*/*" : accept);
        if (body().length > 0) {
            headers.put("Content-Type", "application/json");
        }
        return headers;
    }

    private byte[] body() {
        Buffer body = context.body() == null ? null : context.body().buffer();
        return body == null ? new byte[0] : body.getBytes();
    }
}
