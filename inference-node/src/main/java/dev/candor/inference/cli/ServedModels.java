package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.NodeException;
import java.util.ArrayList;
import java.util.List;

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
        throw new NodeException("the node serves no " + task + " model" + unloaded());
    }

    /** The path that the operator posts to, to have a model loaded. */
    static String loadPath(String model) {
        return "/v2/repository/models/" + model + "/load";
    }

    /** What may be missed, in words; nothing where the node is another machine's, which keeps its status to itself. */
    private String unloaded() throws InterruptedException {
        List<String> names = new ArrayList<>();
        try {
            for (JsonNode each : node.get("node/status").orElseGet(MissingNode::getInstance).path("unloaded_models")) {
                names.add(each.path("id").asText());
            }
        } catch (NodeException e) {
            return "";
        }
        return names.isEmpty() ? "" : " now: " + String.join(", ", names) + " it has, but not loaded; its operator loads it by curl -X POST -H"
                + " \"Authorization: Bearer $(cat ~/.candor/operator.token)\" " + node.base().resolve(loadPath(names.getFirst()));
    }
}
