package dev.candor.client.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.client.error.AnswerFormatException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;

/**
 * JSON Schemas of records, and records of JSON that fits them. Components may be texts, numbers, booleans, enums (by their names), records, and
 * lists or sets of these; each is required, and there are no others. {@link JsonProperty} renames one, {@link JsonPropertyDescription} tells the model about it.
 */
public final class RecordSchema {
    private static final int MAX_DEPTH = 16;
    private static final Set<Class<?>> INTEGERS =
            Set.of(int.class, long.class, short.class, Integer.class, Long.class, Short.class, BigInteger.class);
    private static final Set<Class<?>> NUMBERS = Set.of(double.class, float.class, Double.class, Float.class, BigDecimal.class);

    private RecordSchema() {}

    /**
     * The schema of a record.
     *
     * @throws IllegalArgumentException naming the component of which no schema can be made
     */
    public static ObjectNode of(Class<? extends Record> type) {
        return object(type, type.getSimpleName(), 0);
    }

    /** Reads a record from JSON text. @throws AnswerFormatException if it does not fit; {@code what} names the text */
    static <T extends Record> T read(String json, Class<T> type, String what) {
        return AnswerJson.read(json, type, what);
    }

    private static ObjectNode object(Class<?> type, String place, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException(place + ": records may be nested " + MAX_DEPTH + " deep; a record that holds itself has no end");
        }
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (RecordComponent component : type.getRecordComponents()) {
            String name = name(component);
            ObjectNode each = schema(component.getGenericType(), place + "." + component.getName(), depth);
            JsonPropertyDescription description = component.getAccessor().getAnnotation(JsonPropertyDescription.class);
            if (description != null) {
                each.put("description", description.value());
            }
            properties.set(name, each);
            required.add(name);
        }
        return schema.put("additionalProperties", false);
    }

    private static String name(RecordComponent component) {
        JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
        return renamed == null || renamed.value().isEmpty() ? component.getName() : renamed.value();
    }

    private static ObjectNode schema(Type type, String place, int depth) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        if (type instanceof ParameterizedType generic && (generic.getRawType() == List.class || generic.getRawType() == Set.class)) {
            schema.put("type", "array").set("items", schema(generic.getActualTypeArguments()[0], place + "[]", depth));
            return schema;
        }
        if (!(type instanceof Class<?> plain)) {
            throw unknown(type, place);
        }
        if (plain == String.class) {
            return schema.put("type", "string");
        }
        if (plain == boolean.class || plain == Boolean.class) {
            return schema.put("type", "boolean");
        }
        if (INTEGERS.contains(plain)) {
            return schema.put("type", "integer");
        }
        if (NUMBERS.contains(plain)) {
            return schema.put("type", "number");
        }
        if (plain.isEnum()) {
            ArrayNode names = schema.put("type", "string").putArray("enum");
            for (Object constant : plain.getEnumConstants()) {
                names.add(((Enum<?>) constant).name());
            }
            return schema;
        }
        if (plain.isRecord()) {
            return object(plain, place, depth + 1);
        }
        throw unknown(type, place);
    }

    private static IllegalArgumentException unknown(Type type, String place) {
        return new IllegalArgumentException("no schema can be made of " + place + ", which is a " + type.getTypeName()
                + ": use texts, numbers, booleans, enums, records, and lists or sets of these");
    }
}
