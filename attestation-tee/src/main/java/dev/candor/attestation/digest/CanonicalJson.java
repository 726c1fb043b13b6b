package dev.candor.attestation.digest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.erdtman.jcs.NumberToJSON;

/**
 * The JSON Canonicalization Scheme (RFC 8785): members sorted by UTF-16 code units, no white space, numbers as ECMAScript writes a double.
 * Numbers are doubles, as the RFC has it; an integer beyond 2^53 loses digits, so values that must stay exact belong into strings.
 */
public final class CanonicalJson {
    private CanonicalJson() {}

    /**
     * The canonical form of a JSON document.
     *
     * @throws InvalidJsonException if {@code json} is not strict JSON ({@link StrictJson}) or has no canonical form
     */
    public static byte[] canonicalize(byte[] json) throws InvalidJsonException {
        return bytes(StrictJson.parse(json));
    }

    /**
     * The canonical form of {@code node}, in UTF-8.
     *
     * @throws InvalidJsonException for a number that is not finite as a double, a lone surrogate, or too deep nesting
     */
    public static byte[] bytes(JsonNode node) throws InvalidJsonException {
        StringBuilder out = new StringBuilder();
        write(node, out, 0);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The SHA-256 of the canonical form of {@code node}. */
    public static Digest digest(JsonNode node) throws InvalidJsonException {
        return Digest.sha256(bytes(node));
    }

    private static void write(JsonNode node, StringBuilder out, int depth) throws InvalidJsonException {
        if (depth > StrictJson.MAX_DEPTH) {
            throw new InvalidJsonException("JSON nested deeper than " + StrictJson.MAX_DEPTH + " levels");
        }
        switch (node.getNodeType()) {
            case OBJECT -> writeObject(node, out, depth);
            case ARRAY -> writeArray(node, out, depth);
            case STRING -> writeString(node.textValue(), out);
            case NUMBER -> writeNumber(node, out);
            case BOOLEAN -> out.append(node.booleanValue());
            case NULL -> out.append("null");
            case BINARY, MISSING, POJO -> throw new InvalidJsonException("a " + node.getNodeType() + " node is not JSON");
        }
    }

    private static void writeObject(JsonNode node, StringBuilder out, int depth) throws InvalidJsonException {
        List<String> names = new ArrayList<>(node.size());
        node.fieldNames().forEachRemaining(names::add);
        Collections.sort(names);
        out.append('{');
        for (int i = 0; i < names.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            writeString(names.get(i), out);
            out.append(':');
            write(node.get(names.get(i)), out, depth + 1);
        }
        out.append('}');
    }

    private static void writeArray(JsonNode node, StringBuilder out, int depth) throws InvalidJsonException {
        out.append('[');
        for (int i = 0; i < node.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            write(node.get(i), out, depth + 1);
        }
        out.append(']');
    }

    private static void writeNumber(JsonNode node, StringBuilder out) throws InvalidJsonException {
        double value = asRead(node);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new InvalidJsonException("the number " + node.asText() + " is not finite as a double");
        }
        try {
            out.append(NumberToJSON.serializeNumber(value));
        } catch (IOException e) {
            throw new InvalidJsonException("the number " + node.asText() + " has no canonical form");
        }
    }

    /** A float is written with as few digits as tell it from other floats: whoever reads them gets another double than the float is. */
    private static double asRead(JsonNode node) {
        return node.isFloat() ? Double.parseDouble(node.asText()) : node.doubleValue();
    }

    private static void writeString(String text, StringBuilder out) throws InvalidJsonException {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw new InvalidJsonException(String.format("lone surrogate U+%04X in a string", (int) c));
                }
                out.append(c).append(text.charAt(++i));
            } else {
                writeChar(c, out);
            }
        }
        out.append('"');
    }

    private static void writeChar(char c, StringBuilder out) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\t' -> out.append("\\t");
            case '\n' -> out.append("\\n");
            case '\f' -> out.append("\\f");
            case '\r' -> out.append("\\r");
            default -> {
                if (c < 0x20) {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
        }
    }
}
