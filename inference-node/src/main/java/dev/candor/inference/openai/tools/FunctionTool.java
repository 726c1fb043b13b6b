package dev.candor.inference.openai.tools;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A function that the model may ask the client to call.
 *
 * @param name       1 to 64 characters of {@code a-zA-Z0-9_.-}
 * @param parameters the JSON Schema of its arguments; empty for a function without any
 * @param strict     whether arguments must match the schema, whoever decided on the call
 * @param param      the request's member that describes it, for example {@code tools[0].function}
 */
public record FunctionTool(String name, Optional<String> description, Optional<ObjectNode> parameters, boolean strict, String param) {
    /** {@code {"type":"function","function":{"name","description","parameters"}}}: what chat templates are written for. */
    public ObjectNode forTemplate() {
        ObjectNode tool = JsonNodeFactory.instance.objectNode().put("type", "function");
        ObjectNode function = tool.putObject("function").put("name", name);
        function.put("description", description.orElse(""));
        function.set("parameters", parameters.orElseGet(FunctionTool::noParameters));
        return tool;
    }

    private static ObjectNode noParameters() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        schema.putObject("properties");
        return schema;
    }
}
