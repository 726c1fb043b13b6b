package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What form the answer's text must have. The node holds the model to it token by token. */
public sealed interface ResponseFormat {
    /** As it is sent. */
    ObjectNode json();

    /** Any text. */
    static ResponseFormat text() {
        return new Text();
    }

    /** One JSON object, of whatever members. */
    static ResponseFormat jsonObject() {
        return new JsonObject();
    }

    /**
     * JSON that a schema describes.
     *
     * @param name   letters, digits, {@code _} and {@code -}, at most 64; models may read it
     * @param schema JSON Schema, draft 2020-12; the node refuses what it does not know, naming it
     */
    static ResponseFormat jsonSchema(String name, JsonNode schema) {
        return new JsonSchema(name, schema, true);
    }

    /**
     * JSON that a schema given as text describes.
     *
     * @throws IllegalArgumentException if the text is no JSON
     */
    static ResponseFormat jsonSchema(String name, String schema) {
        return new JsonSchema(name, AnswerJson.schema(schema), true);
    }

    /**
     * JSON that a record can be read from.
     *
     * @throws IllegalArgumentException if the record has components of which no schema can be made, see {@link RecordSchema}
     */
    static ResponseFormat of(Class<? extends Record> type) {
        return new JsonSchema(type.getSimpleName(), RecordSchema.of(type), true);
    }

    /** Any text. */
    record Text() implements ResponseFormat {
        @Override
        public ObjectNode json() {
            return JsonNodeFactory.instance.objectNode().put("type", "text");
        }
    }

    /** One JSON object. */
    record JsonObject() implements ResponseFormat {
        @Override
        public ObjectNode json() {
            return JsonNodeFactory.instance.objectNode().put("type", "json_object");
        }
    }

    /**
     * JSON of a schema.
     *
     * @param strict the schema is to be kept in full, or the request refused
     */
    record JsonSchema(String name, JsonNode schema, boolean strict) implements ResponseFormat {
        /** Copies the schema. @throws IllegalArgumentException if it is no object */
        public JsonSchema {
            if (!schema.isObject()) {
                throw new IllegalArgumentException("a response format's schema must be a JSON object, got " + schema.getNodeType());
            }
            schema = schema.deepCopy();
        }

        @Override
        public ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", "json_schema");
            ObjectNode inner = json.putObject("json_schema").put("name", name).put("strict", strict);
            inner.set("schema", schema.deepCopy());
            return json;
        }
    }
}
