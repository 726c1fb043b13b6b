package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Typed reading of a JSON object's members; an absent member and {@code null} are the same. Remembers which members were asked for. */
public final class Fields {
    private final ObjectNode object;
    private final String prefix;
    private final Set<String> asked = new HashSet<>();

    /** @param prefix put in front of a member's name in errors */
    public Fields(ObjectNode object, String prefix) {
        this.object = object;
        this.prefix = prefix;
    }

    /** The object that is read. */
    public ObjectNode object() {
        return object;
    }

    String prefix() {
        return prefix;
    }

    /** The members that are there and that nobody asked for, so that nothing is made of them. */
    public List<String> unread() {
        return object.properties().stream()
                .filter(member -> !member.getValue().isNull() && !asked.contains(member.getKey()))
                .map(member -> prefix + member.getKey())
                .toList();
    }

    public Optional<JsonNode> get(String name) {
        asked.add(name);
        return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
    }

    /**
     * Reads an object inside of this one.
     *
     * @param name as errors name it, for example {@code tools[0]}
     */
    public Fields inner(String name, JsonNode node) throws ApiException {
        if (!(node instanceof ObjectNode inner)) {
            throw wrongType(name, "an object", node);
        }
        return new Fields(inner, prefix + name + ".");
    }

    /** A member that must be there, and an object. */
    public Fields inner(String name) throws ApiException {
        return inner(name, get(name).orElseThrow(() -> missing(name)));
    }

    public Optional<String> text(String name) throws ApiException {
        JsonNode node = get(name).orElse(null);
        if (node == null) {
            return Optional.empty();
        }
        if (!node.isTextual()) {
            throw wrongType(name, "a string", node);
        }
        return Optional.of(node.textValue());
    }

    public boolean flag(String name, boolean otherwise) throws ApiException {
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
    public double number(String name, double otherwise, double min, double max) throws ApiException {
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

    public OptionalInt integer(String name, int min, int max) throws ApiException {
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

    public OptionalLong longInteger(String name) throws ApiException {
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

    public ApiException wrongType(String name, String expected, JsonNode got) {
        return new ApiException(ErrorCode.INVALID_TYPE, "'" + prefix + name + "' must be " + expected + ", got " + kind(got) + ".", prefix + name);
    }

    public ApiException invalid(String name, String what) {
        return new ApiException(ErrorCode.INVALID_VALUE, "'" + prefix + name + "' " + what + ".", prefix + name);
    }

    public ApiException unsupported(String name, String what) {
        return new ApiException(ErrorCode.UNSUPPORTED_PARAMETER, "'" + prefix + name + "' " + what + ".", prefix + name);
    }

    public ApiException missing(String name) {
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
