package dev.candor.inference.proxy;

import dev.candor.client.sdk.NodeAnswer;
import dev.candor.client.sdk.NodeConnection;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/** Passes a GET on: models, receipts and proofs, which carry their own evidence or none. */
final class ProxiedRead {
    private final NodeConnection node;
    private final RoutingContext context;

    ProxiedRead(NodeConnection node, RoutingContext context) {
        this.node = node;
        this.context = context;
    }

    void run() {
        try {
            String accept = context.request().getHeader("Accept");
            NodeAnswer answer = node.fetch(context.request().uri(), accept == null ? "*/*" : accept);
            context.vertx().runOnContext(ignored -> {
                var response = context.response().setStatusCode(answer.status());
                answer.headers().firstValue("Content-Type").ifPresent(type -> response.putHeader("Content-Type", type));
                response.end(Buffer.buffer(answer.body()));
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            ProxyErrors.send(context, ProxyErrors.of(e));
        }
    }
}
