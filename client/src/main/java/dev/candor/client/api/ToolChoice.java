package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Whether the model calls tools.
 *
 * @param mode     {@code auto}, {@code none}, {@code required} or {@code function}
 * @param function the tool to be called, where it is {@code function}
 */
public record ToolChoice(String mode, Optional<String> function) {
    /** The model decides. */
    public static ToolChoice auto() {
        return new ToolChoice("auto", Optional.empty());
    }

    /** No tool is called. */
    public static ToolChoice none() {
        return new ToolChoice("none", Optional.empty());
    }

    /** At least one tool is called. */
    public static ToolChoice required() {
        return new ToolChoice("required", Optional.empty());
    }

    /** This one is called. */
    public static ToolChoice function(String name) {
        return new ToolChoice("function", Optional.of(name));
    }

    /** As it is sent. */
    public JsonNode json() {
        if (function.isEmpty()) {
            return JsonNodeFactory.instance.textNode(mode);
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", "function");
        json.putObject("function").put("name", function.get());
        return json;
    }
}
