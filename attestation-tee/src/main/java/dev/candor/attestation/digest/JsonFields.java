package dev.candor.attestation.digest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Takes the members of a closed JSON object one by one; what is missing, of another type or left over is refused. */
public final class JsonFields {
    private static final int MAX_ITEMS = 4096;

    private final String path;
    private final JsonNode object;
    private final Set<String> taken = new HashSet<>();

    /** @param path how messages call the object */
    public JsonFields(JsonNode object, String path) throws InvalidJsonException {
        if (!(object instanceof ObjectNode)) {
            throw new InvalidJsonException(path + " is not an object");
        }
        this.object = object;
        this.path = path;
    }

    /** The member's value, or empty where it is absent; {@code null} counts as a value. */
    public Optional<JsonNode> optional(String name) {
        taken.add(name);
        return Optional.ofNullable(object.get(name));
    }

    public JsonNode required(String name) throws InvalidJsonException {
        return optional(name).orElseThrow(() -> new InvalidJsonException(path + " has no member " + name));
    }

    public JsonFields fields(String name) throws InvalidJsonException {
        return new JsonFields(required(name), path + "." + name);
    }

    public String text(String name) throws InvalidJsonException {
        return text(name, required(name));
    }

    public Optional<String> optionalText(String name) throws InvalidJsonException {
        Optional<JsonNode> value = optional(name);
        return value.isPresent() ? Optional.of(text(name, value.get())) : Optional.empty();
    }

    private String text(String name, JsonNode value) throws InvalidJsonException {
        if (value.isTextual()) {
            return value.textValue();
        }
        throw wrong(name, "a string");
    }

    public int integer(String name) throws InvalidJsonException {
        JsonNode value = required(name);
        if (value.isIntegralNumber() && value.canConvertToInt()) {
            return value.intValue();
        }
        throw wrong(name, "a 32-bit integer");
    }

    public double real(String name) throws InvalidJsonException {
        JsonNode value = required(name);
        if (value.isNumber() && Double.isFinite(value.doubleValue())) {
            return value.doubleValue();
        }
        throw wrong(name, "a number");
    }

    public List<String> texts(String name) throws InvalidJsonException {
        if (!(required(name) instanceof ArrayNode array) || array.size() > MAX_ITEMS) {
            throw wrong(name, "an array of at most " + MAX_ITEMS + " strings");
        }
        List<String> out = new ArrayList<>();
        for (JsonNode item : array) {
            out.add(text(name, item));
        }
        return out;
    }

    /** A string turned into a value by {@code read}, which refuses by {@link IllegalArgumentException}. */
    public <T> T value(String name, Function<String, T> read) throws InvalidJsonException {
        return read(name, text(name), read);
    }

    /** As {@link #value}, for a member that may be absent. */
    public <T> Optional<T> optionalValue(String name, Function<String, T> read) throws InvalidJsonException {
        Optional<String> text = optionalText(name);
        return text.isPresent() ? Optional.of(read(name, text.get(), read)) : Optional.empty();
    }

    /** An array of strings, each turned into a value. */
    public <T> List<T> values(String name, Function<String, T> read) throws InvalidJsonException {
        List<T> out = new ArrayList<>();
        for (String text : texts(name)) {
            out.add(read(name, text, read));
        }
        return out;
    }

    private <T> T read(String name, String text, Function<String, T> read) throws InvalidJsonException {
        try {
            return read.apply(text);
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw new InvalidJsonException(path + "." + name + ": " + e.getMessage());
        }
    }

    /** To be called last: a member that no one took is not part of the format. */
    public void end() throws InvalidJsonException {
        Set<String> left = new TreeSet<>();
        object.fieldNames().forEachRemaining(left::add);
        left.removeAll(taken);
        if (!left.isEmpty()) {
            throw new InvalidJsonException(path + " has unknown members " + left);
        }
    }

    public InvalidJsonException wrong(String name, String wanted) {
        return new InvalidJsonException(path + "." + name + " is not " + wanted);
    }
}
