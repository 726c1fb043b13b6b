package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.NodeException;

/** The models that a node says it serves. */
record ServedModels(NodeConnection node) {
    /** The first model of {@code task}. @throws NodeException if there is none */
    String first(String task) throws NodeException, InterruptedException {
        JsonNode models = node.get("v1/models").orElseThrow(() -> new NodeException("the node has no /v1/models; is it a Candor node?"));
        for (JsonNode each : models.path("data")) {
            if (each.at("/candor/task").asText("chat").equals(task)) {
                return each.path("id").asText();
            }
        }
        throw new NodeException("the node serves no " + task + " model");
    }
}
