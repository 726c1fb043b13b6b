package dev.candor.inference.http.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Shows JSON Schemas to people. */
record SchemaView(Html out) {
    private static final List<String> BOUNDS = List.of("minimum", "exclusiveMinimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern");

    /** What a value is, in words within a line. */
    void type(JsonNode schema) {
        if (schema.has("$ref")) {
            String name = name(schema);
            out.link("schema-" + name, name);
        } else if (schema.has("anyOf")) {
            list(schema.get("anyOf"));
        } else if (schema.has("const")) {
            out.code(schema.get("const").toString());
        } else if (schema.has("enum")) {
            List<JsonNode> values = new ArrayList<>();
            schema.get("enum").forEach(values::add);
            for (int i = 0; i < values.size(); i++) {
                out.markup(i == 0 ? "" : ", ").code(values.get(i).asText());
            }
        } else {
            named(schema);
        }
    }

    private void list(JsonNode kinds) {
        for (int i = 0; i < kinds.size(); i++) {
            out.markup(i == 0 ? "" : " or ");
            type(kinds.get(i));
        }
    }

    private void named(JsonNode schema) {
        List<String> types = new ArrayList<>();
        if (schema.path("type").isArray()) {
            schema.get("type").forEach(each -> types.add(each.asText()));
        } else {
            types.add(schema.path("type").asText("anything"));
        }
        boolean nullable = types.remove("null");
        out.text(types.isEmpty() ? "null" : String.join(" or ", types));
        if (schema.has("items")) {
            out.markup(" of ");
            type(schema.get("items"));
        }
        out.text(nullable && !types.isEmpty() ? " or null" : "");
    }

    /** The members of an object, and of the objects in it. */
    void members(JsonNode schema) {
        JsonNode object = schema.has("items") ? schema.get("items") : schema;
        if (object.has("anyOf")) {
            object.get("anyOf").forEach(this::members);
        }
        if (!object.has("properties")) {
            return;
        }
        Set<String> required = new HashSet<>();
        object.path("required").forEach(each -> required.add(each.asText()));
        out.markup("<table>");
        for (Map.Entry<String, JsonNode> member : object.get("properties").properties()) {
            out.markup("<tr><td>").code(member.getKey()).markup(required.contains(member.getKey()) ? "<b title=\"required\">*</b></td><td>" : "</td><td>");
            type(member.getValue());
            notes(member.getValue());
            members(member.getValue());
            out.markup("</td></tr>");
        }
        out.markup("</table>");
    }

    private void notes(JsonNode schema) {
        if (schema.has("default")) {
            out.markup(", by default ").code(schema.get("default").asText());
        }
        for (String bound : BOUNDS) {
            if (schema.has(bound)) {
                out.markup(" <small>").text(bound + " ").code(schema.get(bound).asText()).markup("</small>");
            }
        }
        if (schema.has("description")) {
            out.markup("<br>").inline(schema.get("description").asText());
        }
    }

    static String name(JsonNode reference) {
        String target = reference.path("$ref").asText();
        return target.substring(target.lastIndexOf('/') + 1);
    }
}
