package dev.candor.inference.http.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.ErrorCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Makes the OpenAPI 3.1 document of routes: what each is described as, with what follows from how it is mounted. */
public final class ApiDocument {
    private static final String SCHEMAS = "#/components/schemas/";
    private static final String UNKNOWN_CALLER = Integer.toString(ErrorCode.INVALID_API_KEY.status());

    private final ObjectNode frame = Descriptions.frame();
    private final ErrorResponses errors = new ErrorResponses((ObjectNode) frame.remove("x-errors"));
    private final ObjectNode callerHeaders = (ObjectNode) frame.remove("x-caller-headers");
    private final ObjectNode pathParameters = (ObjectNode) frame.remove("x-path-parameters");

    private ApiDocument() {}

    /**
     * The document of {@code routes}.
     *
     * @param version the node's
     * @throws IllegalStateException if a description names what there is not
     */
    public static ObjectNode of(List<ApiRoute> routes, String version) {
        return new ApiDocument().make(routes, version);
    }

    private ObjectNode make(List<ApiRoute> routes, String version) {
        ObjectNode out = JsonNodeFactory.instance.objectNode().put("openapi", "3.1.0");
        out.setAll(frame);
        out.withObject("/info").put("version", version);
        ObjectNode paths = JsonNodeFactory.instance.objectNode();
        routes.forEach(route -> paths.withObjectProperty(route.path().documented()).set(route.method().toLowerCase(Locale.ROOT), operation(route)));
        out.set("paths", paths);
        ObjectNode components = (ObjectNode) out.remove("components");
        components.set("schemas", schemas(paths, components));
        out.set("components", components);
        return out;
    }

    private ObjectNode operation(ApiRoute route) {
        ObjectNode described = route.description().deepCopy();
        ObjectNode out = JsonNodeFactory.instance.objectNode().put("operationId", route.operation());
        JsonNode codes = described.remove("x-errors");
        ArrayNode parameters = JsonNodeFactory.instance.arrayNode();
        route.path().parameters().forEach(name -> parameters.add(pathParameter(name)));
        described.path("parameters").forEach(parameters::add);
        if (route.identified()) {
            parameters.addObject().put("$ref", "#/components/parameters/ApiKey");
        }
        out.setAll(described);
        out.remove("parameters");
        if (!parameters.isEmpty()) {
            out.set("parameters", parameters);
        }
        ObjectNode responses = out.withObjectProperty("responses");
        errors.addTo(responses, route, codes == null ? JsonNodeFactory.instance.arrayNode() : codes);
        responses.properties().forEach(response -> {
            ObjectNode headers = ((ObjectNode) response.getValue()).withObjectProperty("headers");
            if (route.identified() && !response.getKey().equals(UNKNOWN_CALLER)) {
                headers.setAll(callerHeaders.deepCopy());
            }
            headers.putObject("x-request-id").put("$ref", "#/components/headers/RequestId");
            headers.putObject("openai-processing-ms").put("$ref", "#/components/headers/ProcessingMs");
        });
        route.maxBody().ifPresent(bytes -> out.withObjectProperty("requestBody").put("x-max-bytes", bytes));
        return out;
    }

    private JsonNode pathParameter(String name) {
        ObjectNode described = JsonNodeFactory.instance.objectNode().put("name", name).put("in", "path").put("required", true);
        if (!(pathParameters.get(name) instanceof ObjectNode more)) {
            throw new IllegalStateException("the part {" + name + "} of a path is not described");
        }
        return described.setAll(more);
    }

    /** All schemas that are named from {@code paths} and {@code components}, and by one another. */
    private static ObjectNode schemas(JsonNode paths, JsonNode components) {
        TreeMap<String, ObjectNode> found = new TreeMap<>();
        Deque<JsonNode> open = new ArrayDeque<>(List.of(paths, components));
        while (!open.isEmpty()) {
            for (String reference : open.pop().findValuesAsText("$ref")) {
                String name = reference.startsWith(SCHEMAS) ? reference.substring(SCHEMAS.length()) : null;
                if (name != null && !found.containsKey(name)) {
                    ObjectNode schema = Descriptions.schema(name);
                    found.put(name, schema);
                    open.push(schema);
                }
            }
        }
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        found.forEach(out::set);
        return out;
    }
}
