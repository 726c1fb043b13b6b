package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.client.error.AnswerFormatException;

/**
 * What the model wants called.
 *
 * @param id        by which the result is matched to the call
 * @param name      of the tool
 * @param arguments JSON text, as the model wrote it
 */
public record ToolCall(String id, String name, String arguments) {
    /** The arguments as a record. @throws AnswerFormatException if they do not fit it */
    public <T extends Record> T arguments(Class<T> type) {
        return RecordSchema.read(arguments, type, "the arguments of the call " + id + " of the tool " + name);
    }

    /** The arguments as JSON. @throws AnswerFormatException if they are none */
    public JsonNode argumentsJson() {
        return AnswerJson.parse(arguments, "the arguments of the call " + id + " of the tool " + name);
    }

    /** As it is sent back in the assistant's message. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", id).put("type", "function");
        json.putObject("function").put("name", name).put("arguments", arguments);
        return json;
    }
}
