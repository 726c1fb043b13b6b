package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;

/** Makes JSON of plain Java values: maps, collections, texts, numbers, booleans and null. */
final class PlainJson {
    private static final int MAX_DEPTH = 100;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private PlainJson() {}

    /** @throws IllegalArgumentException for anything else, numbers that JSON has not, and what is more than {@value #MAX_DEPTH} deep */
    static JsonNode of(Object value) {
        return of(value, 0);
    }

    private static JsonNode of(Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("a value may be " + MAX_DEPTH + " lists and maps deep; is it in itself?");
        }
        return switch (value) {
            case null -> JSON.nullNode();
            case JsonNode json -> json.deepCopy();
            case CharSequence text -> JSON.textNode(text.toString());
            case Boolean flag -> JSON.booleanNode(flag);
            case Number number -> number(number);
            case Map<?, ?> map -> object(map, depth);
            case Collection<?> items -> array(items, depth);
            default -> throw new IllegalArgumentException("a " + value.getClass().getName()
                    + " is no plain value: give a Map, List, String, Number, Boolean or null, or a com.fasterxml.jackson.databind.JsonNode (Jackson 2)");
        };
    }

    private static JsonNode number(Number number) {
        return switch (number) {
            case Byte _, Short _, Integer _, Long _ -> JSON.numberNode(number.longValue());
            case BigInteger whole -> JSON.numberNode(whole);
            case BigDecimal decimal -> JSON.numberNode(decimal);
            case Float real when Float.isFinite(real) -> JSON.numberNode(real.floatValue());
            case Double real when Double.isFinite(real) -> JSON.numberNode(real.doubleValue());
            default -> throw new IllegalArgumentException(number + " (" + number.getClass().getName() + ") is no number of JSON");
        };
    }

    private static ObjectNode object(Map<?, ?> map, int depth) {
        ObjectNode object = JSON.objectNode();
        map.forEach((name, member) -> {
            if (!(name instanceof String text)) {
                throw new IllegalArgumentException("a member's name must be a String, not " + name);
            }
            object.set(text, of(member, depth + 1));
        });
        return object;
    }

    private static ArrayNode array(Collection<?> items, int depth) {
        ArrayNode array = JSON.arrayNode();
        items.forEach(item -> array.add(of(item, depth + 1)));
        return array;
    }
}
