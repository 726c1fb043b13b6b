package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.metrics.NodeMetrics;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** {@code /livez}, {@code /readyz}, {@code /metrics} and {@code /node/status}. */
final class HealthHandler {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final NodeProbe node;
    private final NodeMetrics metrics;
    private final Json json;

    HealthHandler(NodeProbe node, NodeMetrics metrics, Json json) {
        this.node = node;
        this.metrics = metrics;
        this.json = json;
    }

    void live(Exchange exchange) {
        exchange.send(Reply.json(200, JsonNodeFactory.instance.objectNode().put("status", "live"), json));
    }

    void ready(Exchange exchange) {
        Optional<String> problem = node.unready();
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("status", problem.isEmpty() ? "ready" : "not ready");
        problem.ifPresent(why -> body.put("reason", why));
        exchange.send(Reply.json(problem.isEmpty() ? 200 : 503, body, json));
    }

    void metrics(Exchange exchange) {
        exchange.send(Reply.of(PROMETHEUS, metrics.prometheus().getBytes(StandardCharsets.UTF_8)));
    }

    /** For this machine only: it tells what the node earns. */
    void status(Exchange exchange) throws ApiException {
        if (!exchange.fromThisMachine()) {
            throw new ApiException(ErrorCode.FORBIDDEN, "The status is for the node's own machine.");
        }
        exchange.send(Reply.json(200, node.status(), json).with("cache-control", "no-store"));
    }
}
