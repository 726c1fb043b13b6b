package dev.candor.inference.text.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns JSON into values, as Python's {@code json.loads} does. */
final class JsonValues {
    private final Budget budget;

    JsonValues(Budget budget) {
        this.budget = budget;
    }

    Map<String, Value> variables(JsonNode object) {
        if (!object.isObject()) {
            throw new JinjaError("the template variables must be a JSON object");
        }
        Map<String, Value> variables = new LinkedHashMap<>();
        object.properties().forEach(property -> variables.put(property.getKey(), value(property.getValue())));
        return variables;
    }

    private Value value(JsonNode node) {
        budget.enter();
        Value value = switch (node.getNodeType()) {
            case NULL -> Value.None.NONE;
            case BOOLEAN -> Value.Bool.of(node.booleanValue());
            case STRING -> new Value.Str(node.textValue());
            case NUMBER -> node.isIntegralNumber() ? Numbers.bounded(node.bigIntegerValue(), budget) : new Value.Real(node.doubleValue());
            case ARRAY -> list(node);
            case OBJECT -> dict(node);
            case BINARY, MISSING, POJO -> throw new JinjaError("the template variables hold something that is not JSON");
        };
        budget.leave();
        return value;
    }

    private Value list(JsonNode array) {
        List<Value> items = new ArrayList<>(array.size());
        array.forEach(item -> items.add(value(item)));
        return new Value.ListValue(items);
    }

    private Value dict(JsonNode object) {
        Map<Object, Value.DictEntry> entries = new LinkedHashMap<>();
        object.properties().forEach(property ->
                entries.put(property.getKey(), new Value.DictEntry(new Value.Str(property.getKey()), value(property.getValue()))));
        return new Value.Dict(entries);
    }
}
