package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Typed reading of a JSON object's members; an absent member and {@code null} are the same.
 *
 * @param object the object
 * @param prefix put in front of a member's name in errors
 */
record Fields(ObjectNode object, String prefix) {
    Optional<JsonNode> get(String name) {
        return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
    }

    Optional<String> text(String name) throws ApiException {
        JsonNode node = get(name).orElse(null);
        if (node == null) {
            return Optional.empty();
        }
        if (!node.isTextual()) {
            throw wrongType(name, "a string", node);
        }
        return Optional.of(node.textValue());
    }

    boolean flag(String name, boolean otherwise) throws ApiException {
        JsonNode node = get(name).orElse(null);
        if (node == null) {
            return otherwise;
        }
        if (!node.isBoolean()) {
            throw wrongType(name, "a boolean", node);
        }
        return node.booleanValue();
    }

    /** A finite number of {@code [min, max]}. */
    double number(String name, double otherwise, double min, double max) throws ApiException {
        JsonNode node = get(name).orElse(null);
        if (node == null) {
            return otherwise;
        }
        if (!node.isNumber()) {
            throw wrongType(name, "a number", node);
        }
        double value = node.doubleValue();
        if (!(value >= min && value <= max)) {
            throw invalid(name, "must be between " + min + " and " + max + ", got " + node);
        }
        return value;
    }

    OptionalInt integer(String name, int min, int max) throws ApiException {
        JsonNode node = get(name).orElse(null);
        if (node == null) {
            return OptionalInt.empty();
        }
        long value = integral(name, node);
        if (value < min || value > max) {
            throw invalid(name, "must be between " + min + " and " + max + ", got " + node);
        }
        return OptionalInt.of((int) value);
    }

    OptionalLong longInteger(String name) throws ApiException {
        JsonNode node = get(name).orElse(null);
        return node == null ? OptionalLong.empty() : OptionalLong.of(integral(name, node));
    }

    private long integral(String name, JsonNode node) throws ApiException {
        if (!node.isIntegralNumber()) {
            throw wrongType(name, "an integer", node);
        }
        if (!node.canConvertToLong()) {
            throw invalid(name, "must fit into 64 bits, got " + node);
        }
        return node.longValue();
    }

    ApiException wrongType(String name, String expected, JsonNode got) {
        return new ApiException(ErrorCode.INVALID_TYPE, "'" + prefix + name + "' must be " + expected + ", got " + kind(got) + ".", prefix + name);
    }

    ApiException invalid(String name, String what) {
        return new ApiException(ErrorCode.INVALID_VALUE, "'" + prefix + name + "' " + what + ".", prefix + name);
    }

    ApiException unsupported(String name, String what) {
        return new ApiException(ErrorCode.UNSUPPORTED_PARAMETER, "'" + prefix + name + "' " + what + ".", prefix + name);
    }

    ApiException missing(String name) {
        return new ApiException(ErrorCode.MISSING_PARAMETER, "Missing required parameter: '" + prefix + name + "'.", prefix + name);
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "a string";
            case NUMBER -> node.isIntegralNumber() ? "an integer" : "a number with a fraction";
            case BOOLEAN -> "a boolean";
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            default -> "null";
        };
    }
}
