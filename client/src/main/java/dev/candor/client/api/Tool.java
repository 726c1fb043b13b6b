package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;

/**
 * A function that the model may ask to have called. The caller calls it and sends what it gave as {@link ChatMessage#tool}.
 *
 * @param name        letters, digits, {@code _} and {@code -}, at most 64
 * @param description tells the model what it does and when to use it
 * @param parameters  JSON Schema of its arguments, an object
 * @param strict      the arguments are made to fit the schema, token by token
 */
public record Tool(String name, String description, JsonNode parameters, boolean strict) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** @throws IllegalArgumentException if the name or the parameters cannot be sent */
    public Tool {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a tool's name is 1 to 64 letters, digits, _ and -, got '" + name + "'");
        }
        if (!parameters.isObject()) {
            throw new IllegalArgumentException("the parameters of the tool " + name + " must be a JSON Schema, an object");
        }
        parameters = parameters.deepCopy();
    }

    /**
     * A tool whose arguments are a record; {@link ToolCall#arguments} reads them into it.
     *
     * @throws IllegalArgumentException if the record has components of which no schema can be made, see {@link RecordSchema}
     */
    public static Tool of(String name, String description, Class<? extends Record> arguments) {
        return new Tool(name, description, RecordSchema.of(arguments), true);
    }

    /** As it is sent. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", "function");
        ObjectNode function = json.putObject("function").put("name", name).put("description", description);
        function.set("parameters", parameters.deepCopy());
        if (strict) {
            function.put("strict", true);
        }
        return json;
    }
}
