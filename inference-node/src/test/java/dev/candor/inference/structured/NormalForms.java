package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The orders in which a document's members may be written. */
final class NormalForms {
    private static final int MOST = 800;

    private NormalForms() {}

    static List<JsonNode> of(JsonNode value) {
        if (value.isArray()) {
            List<JsonNode> forms = List.of(JsonNodeFactory.instance.arrayNode());
            for (JsonNode item : value) {
                List<JsonNode> longer = new ArrayList<>();
                for (JsonNode form : forms) {
                    of(item).forEach(one -> longer.add(((ArrayNode) form.deepCopy()).add(one)));
                }
                forms = longer.subList(0, Math.min(MOST, longer.size()));
            }
            return forms;
        }
        if (value.isObject()) {
            List<JsonNode> forms = new ArrayList<>();
            orders(new ArrayList<>(value.properties()), JsonNodeFactory.instance.objectNode(), forms);
            return forms;
        }
        return List.of(value);
    }

    private static void orders(List<Map.Entry<String, JsonNode>> left, ObjectNode so, List<JsonNode> forms) {
        if (left.isEmpty()) {
            forms.add(so);
        }
        for (int i = 0; i < left.size() && forms.size() < MOST; i++) {
            List<Map.Entry<String, JsonNode>> others = new ArrayList<>(left);
            Map.Entry<String, JsonNode> entry = others.remove(i);
            for (JsonNode form : of(entry.getValue())) {
                ObjectNode next = so.deepCopy();
                next.set(entry.getKey(), form);
                orders(others, next, forms);
            }
        }
    }
}
