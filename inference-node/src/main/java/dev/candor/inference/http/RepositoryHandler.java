package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openinference.ModelPath;

/** The model repository extension of the Open Inference Protocol. */
final class RepositoryHandler {
    private static final String LOAD = "load";
    private static final String UNLOAD = "unload";

    private final ModelControl control;
    private final OperatorAccess operator;
    private final Json json;

    RepositoryHandler(ModelControl control, OperatorAccess operator, Json json) {
        this.control = control;
        this.operator = operator;
        this.json = json;
    }

    /** Anybody may ask what is served; the body's {@code ready} picks those that are. */
    void index(Exchange exchange) throws ApiException {
        byte[] body = exchange.body();
        boolean readyOnly = body.length > 0 && json.object(body).path("ready").asBoolean(false);
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        for (ModelControl.Entry entry : control.index()) {
            if (!readyOnly || entry.state() == ModelControl.State.READY) {
                int at = entry.name().lastIndexOf('@');
                entries.addObject()
                        .put("name", at < 0 ? entry.name() : entry.name().substring(0, at))
                        .put("version", at < 0 ? "" : entry.name().substring(at + 1))
                        .put("state", entry.state().name())
                        .put("reason", entry.reason());
            }
        }
        exchange.send(Reply.json(200, entries, json));
    }

    /** {@code /v2/repository/models/NAME/load} and {@code …/unload}; answers when it is done. */
    void change(Exchange exchange) throws ApiException {
        operator.require(exchange);
        ModelPath path = ModelPath.parse(exchange.path().substring(OpenInferenceRoutes.REPOSITORY.length()), LOAD, UNLOAD);
        if (path.action().equals(LOAD)) {
            control.load(path.model());
        } else {
            control.unload(path.model());
        }
        exchange.send(Reply.json(200, JsonNodeFactory.instance.objectNode(), json));
    }
}
