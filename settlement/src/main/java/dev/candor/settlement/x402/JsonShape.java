package dev.candor.settlement.x402;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Reads members of one JSON object and names the place where the object is not as it should be. */
record JsonShape(String place, ObjectNode object) {
    static JsonShape of(String place, JsonNode node) throws X402FormatException {
        if (node instanceof ObjectNode object) {
            return new JsonShape(place, object);
        }
        throw invalid(place + " is not a JSON object");
    }

    JsonShape child(String member) throws X402FormatException {
        return of(place + "." + member, object.path(member));
    }

    /** A member that must be a string of at least one character. */
    String text(String member) throws X402FormatException {
        String text = optionalText(member);
        if (text == null || text.isEmpty()) {
            throw invalid(place + "." + member + " is not a string of at least one character");
        }
        return text;
    }

    /** A string, or null where the member is absent or null. */
    String optionalText(String member) throws X402FormatException {
        JsonNode value = object.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw invalid(place + "." + member + " is not a string");
        }
        return value.textValue();
    }

    /** A whole number of at least 1 that fits 63 bits. */
    long positive(String member) throws X402FormatException {
        JsonNode value = object.path(member);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 1) {
            throw invalid(place + "." + member + " is not a whole number above zero");
        }
        return value.longValue();
    }

    boolean bool(String member) throws X402FormatException {
        JsonNode value = object.path(member);
        if (!value.isBoolean()) {
            throw invalid(place + "." + member + " is not true or false");
        }
        return value.booleanValue();
    }

    /** An object, or null where the member is absent or null. */
    ObjectNode optionalObject(String member) throws X402FormatException {
        JsonNode value = object.path(member);
        return value.isMissingNode() || value.isNull() ? null : child(member).object();
    }

    void version() throws X402FormatException {
        JsonNode version = object.path("x402Version");
        if (!version.isIntegralNumber() || version.longValue() != X402Codec.VERSION) {
            throw new X402FormatException("invalid_x402_version",
                    place + ".x402Version is not 2, the only version understood here");
        }
    }

    static X402FormatException invalid(String message) {
        return new X402FormatException("invalid_payload", message);
    }
}
