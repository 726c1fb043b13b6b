package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.StringJoiner;

/** Writes values the way constrained texts do: without white space, and nothing escaped that need not be. */
final class JsonText {
    private static final int PLAIN_DIGITS = 60;

    private JsonText() {}

    static String of(JsonNode value) {
        if (value.isArray()) {
            StringJoiner items = new StringJoiner(",", "[", "]");
            value.forEach(item -> items.add(of(item)));
            return items.toString();
        }
        if (value.isObject()) {
            StringJoiner members = new StringJoiner(",", "{", "}");
            value.properties().forEach(entry -> members.add(quoted(entry.getKey()) + ":" + of(entry.getValue())));
            return members.toString();
        }
        return value.isTextual() ? quoted(value.textValue()) : value.isNumber() ? number(value.decimalValue()) : value.toString();
    }

    private static String number(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        boolean shortEnough = Math.abs((long) stripped.scale()) + stripped.precision() <= PLAIN_DIGITS;
        return shortEnough ? stripped.toPlainString() : stripped.toString();
    }

    static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int escape = "\b\t\n\f\r\"\\".indexOf(c);
            if (escape >= 0) {
                json.append('\\').append("btnfr\"\\".charAt(escape));
            } else if (c < ' ') {
                json.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
