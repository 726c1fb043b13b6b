package dev.candor.hub.importer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.hub.importer.source.ImportException;
import java.util.Optional;

/** An object of a Hugging Face {@code config.json}, read by type; every accessor's error names the member. */
final class HfConfig {
    private final JsonNode object;
    private final String path;

    HfConfig(JsonNode object) {
        this(object, "");
    }

    private HfConfig(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** Whether the member is there and not null. */
    boolean has(String name) {
        return object.hasNonNull(name);
    }

    /** Whether the member is there, be it null: transformers reads a missing one as its default, null as none. */
    boolean mentions(String name) {
        return object.has(name);
    }

    String text(String name) throws ImportException {
        return require(name, object.path(name).isTextual(), "a string").textValue();
    }

    String text(String name, String fallback) throws ImportException {
        return has(name) ? text(name) : fallback;
    }

    boolean flag(String name, boolean fallback) throws ImportException {
        return has(name) ? require(name, object.path(name).isBoolean(), "true or false").booleanValue() : fallback;
    }

    /** A whole number in {@code min..max}. */
    int whole(String name, int min, int max) throws ImportException {
        JsonNode value = object.path(name);
        boolean fits = value.isNumber() && value.canConvertToInt() && value.doubleValue() == value.intValue();
        return require(name, fits && value.intValue() >= min && value.intValue() <= max, "a whole number of " + min + " to " + max).intValue();
    }

    int whole(String name, int min, int max, int fallback) throws ImportException {
        return has(name) ? whole(name, min, max) : fallback;
    }

    /** A finite number above zero. */
    double positive(String name) throws ImportException {
        JsonNode value = object.path(name);
        return require(name, value.isNumber() && value.doubleValue() > 0 && Double.isFinite(value.doubleValue()), "a number above 0").doubleValue();
    }

    double positive(String name, double fallback) throws ImportException {
        return has(name) ? positive(name) : fallback;
    }

    /** An array of exactly {@code length} elements. */
    JsonNode array(String name, int length) throws ImportException {
        JsonNode value = object.path(name);
        return require(name, value.isArray() && value.size() == length, "an array of " + length);
    }

    /** An array of {@code length} finite numbers above zero. */
    float[] positives(String name, int length) throws ImportException {
        JsonNode values = array(name, length);
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = values.get(i).floatValue();
            require(name, values.get(i).isNumber() && numbers[i] > 0 && Float.isFinite(numbers[i]), "numbers above 0");
        }
        return numbers;
    }

    /** The object {@code name}, if it is there and not null. */
    Optional<HfConfig> object(String name) throws ImportException {
        return has(name)
                ? Optional.of(new HfConfig(require(name, object.path(name).isObject(), "an object"), path + name + "."))
                : Optional.empty();
    }

    /** The member's name from the file's root on. */
    String name(String name) {
        return path + name;
    }

    private JsonNode require(String name, boolean good, String what) throws ImportException {
        JsonNode value = object.path(name);
        if (!good) {
            String found = value.isMissingNode() ? "missing" : value.isContainerNode() ? "another" : value.toString();
            throw new ImportException("config.json: " + name(name) + " is " + found + ", it must be " + what);
        }
        return value;
    }
}
