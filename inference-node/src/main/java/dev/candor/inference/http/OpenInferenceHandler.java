package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.engine.tensor.TensorSpec;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openinference.ModelPath;
import java.util.List;
import java.util.Map;

/** What the Open Inference Protocol tells of the node and its models. */
final class OpenInferenceHandler {
    private static final String READY = "ready";
    /** By the last segments of their paths. */
    private static final Map<String, String> ABSENT_EXTENSIONS = Map.of(
            "config", "This node does not offer the protocol's extension model_configuration: GET /v2/models/NAME tells a model's inputs and outputs.",
            "stats", "This node does not offer the protocol's extension statistics: GET /metrics tells what its models have done.");
    private static final long ANY_LENGTH = -1;

    private final Models models;
    private final NodeProbe node;
    private final String version;
    private final Json json;

    OpenInferenceHandler(Models models, NodeProbe node, String version, Json json) {
        this.models = models;
        this.node = node;
        this.version = version;
        this.json = json;
    }

    void server(Exchange exchange) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", "candor").put("version", version);
        body.putArray("extensions").add("binary_tensor_data").add("model_repository");
        exchange.send(Reply.json(200, body, json));
    }

    void live(Exchange exchange) {
        exchange.send(Reply.json(200, JsonNodeFactory.instance.objectNode().put("live", true), json));
    }

    void ready(Exchange exchange) {
        boolean ready = node.unready().isEmpty();
        exchange.send(Reply.json(ready ? 200 : 503, JsonNodeFactory.instance.objectNode().put(READY, ready), json));
    }

    /** {@code /v2/models/NAME}, with {@code /versions/VERSION}, and with {@code /ready}. */
    void model(Exchange exchange) throws ApiException {
        ModelPath path = ModelPath.parse(exchange.path().substring(OpenInferenceRoutes.MODELS.length()), READY);
        LoadedModel model = find(path.model());
        if (path.action().isEmpty()) {
            exchange.send(Reply.json(200, metadata(model), json));
            return;
        }
        if (!model.engine().healthy()) {
            throw new ApiException(
                    ErrorCode.UNAVAILABLE, "The model " + model.binding().name() + " has stopped; the operator can unload it and load it again.");
        }
        exchange.send(Reply.json(200, JsonNodeFactory.instance.objectNode().put("name", name(model)).put(READY, true), json));
    }

    /** A model may be called as the path of an extension ends; such a path means the extension only where none is. */
    private LoadedModel find(String name) throws ApiException {
        try {
            return models.find(name);
        } catch (ApiException e) {
            String last = name.substring(name.lastIndexOf('/') + 1);
            if (e.error() == ErrorCode.MODEL_NOT_FOUND && ABSENT_EXTENSIONS.containsKey(last)) {
                throw new ApiException(ErrorCode.NOT_FOUND, ABSENT_EXTENSIONS.get(last));
            }
            throw e;
        }
    }

    static String name(LoadedModel model) {
        return model.binding().name().replaceFirst("@[^@]*$", "");
    }

    static String version(LoadedModel model) {
        return model.binding().name().replaceFirst("^.*@", "");
    }

    private static ObjectNode metadata(LoadedModel model) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", name(model));
        body.putArray("versions").add(version(model));
        body.put("platform", model instanceof TensorModel ? "onnxruntime_onnx" : "candor_" + model.task());
        if (model instanceof TensorModel tensors) {
            specs(body.putArray("inputs"), tensors.engine().signature().inputs());
            specs(body.putArray("outputs"), tensors.engine().signature().outputs());
        } else {
            body.putArray("inputs");
            body.putArray("outputs");
        }
        body.putObject("parameters").put("digest", model.binding().digest().hex()).put("task", model.task()).put("route", model.route());
        return body;
    }

    private static void specs(ArrayNode into, List<TensorSpec> specs) {
        for (TensorSpec spec : specs) {
            ArrayNode shape = into.addObject().put("name", spec.name()).put("datatype", spec.datatype().name()).putArray("shape");
            spec.shape().orElse(List.of(ANY_LENGTH)).forEach(shape::add);
        }
    }
}
