package dev.candor.hub.importer.gguf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The key-value pairs of a GGUF file, read by type; every accessor's error names the key. */
public final class GgufMetadata {
    private final Map<String, GgufValue> values;

    GgufMetadata(Map<String, GgufValue> values) {
        this.values = new LinkedHashMap<>(values);
    }

    /** Whether {@code key} is present. */
    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** The string {@code key}. */
    public String text(String key) throws GgufException {
        return as(GgufValue.Text.class, "a string", key).value();
    }

    /** The string {@code key}, if present. */
    public Optional<String> optionalText(String key) throws GgufException {
        return has(key) ? Optional.of(text(key)) : Optional.empty();
    }

    /** The whole number {@code key}, which must lie in {@code min..max}. */
    public int whole(String key, int min, int max) throws GgufException {
        long value = as(GgufValue.Whole.class, "a whole number", key).value();
        if (value < min || value > max) {
            throw new GgufException("metadata " + key + " is " + value + ", allowed is " + min + " to " + max);
        }
        return (int) value;
    }

    /** The whole number {@code key}, or {@code fallback} if absent. */
    public int whole(String key, int min, int max, int fallback) throws GgufException {
        return has(key) ? whole(key, min, max) : fallback;
    }

    /** The real number {@code key}, finite and above zero. */
    public double positive(String key) throws GgufException {
        double value = as(GgufValue.Real.class, "a real number", key).value();
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new GgufException("metadata " + key + " is " + value + ", it must be finite and above 0");
        }
        return value;
    }

    /** The real number {@code key}, or {@code fallback} if absent. */
    public double positive(String key, double fallback) throws GgufException {
        return has(key) ? positive(key) : fallback;
    }

    /** The array of strings {@code key}. */
    public List<String> texts(String key) throws GgufException {
        return as(GgufValue.Texts.class, "an array of strings", key).values();
    }

    /** The array of whole numbers {@code key}, in a new array. */
    public long[] wholes(String key) throws GgufException {
        return as(GgufValue.Wholes.class, "an array of whole numbers", key).values().clone();
    }

    /** The array of real numbers {@code key}, in a new array. */
    public double[] reals(String key) throws GgufException {
        return as(GgufValue.Reals.class, "an array of real numbers", key).values().clone();
    }

    /** The boolean {@code key}, or {@code fallback} if absent. */
    public boolean flag(String key, boolean fallback) throws GgufException {
        return has(key) ? as(GgufValue.Flag.class, "a boolean", key).value() : fallback;
    }

    private <T extends GgufValue> T as(Class<T> type, String kind, String key) throws GgufException {
        GgufValue value = values.get(key);
        if (value == null) {
            throw new GgufException("metadata " + key + " is missing");
        }
        if (!type.isInstance(value)) {
            throw new GgufException("metadata " + key + " is " + value.kind() + ", it must be " + kind);
        }
        return type.cast(value);
    }
}
