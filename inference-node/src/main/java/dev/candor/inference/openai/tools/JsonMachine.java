package dev.candor.inference.openai.tools;

import java.util.BitSet;

/**
 * Follows one JSON object (RFC 8259) character by character and tells at once when it ends, or can no longer be JSON. Linear in time;
 * its memory is one bit a level.
 */
final class JsonMachine {
    /** Levels of arrays and objects. */
    static final int MAX_DEPTH = 256;

    private static final String SPACE = " \t\n\r";
    private static final String ESCAPES = "\"\\/bfnrt";
    private static final int HEX_DIGITS = 4;

    enum State { ROOT, KEY_OR_END, KEY, IN_KEY, COLON, VALUE, VALUE_OR_END, IN_TEXT, IN_WORD, IN_NUMBER, AFTER, DONE, BROKEN }

    private enum Digits { MINUS, ZERO, WHOLE, POINT, FRACTION, EXPONENT, SIGN, POWER }

    private final BitSet objects = new BitSet();
    private State state = State.ROOT;
    private Digits digits = Digits.MINUS;
    private int depth;
    private int escape;
    private String word = "";

    State state() {
        return state;
    }

    /** Open objects and arrays. */
    int depth() {
        return depth;
    }

    /** @return the new state; nothing changes it once it is {@code DONE} or {@code BROKEN} */
    State accept(char c) {
        state = switch (state) {
            case IN_KEY, IN_TEXT -> inText(c);
            case IN_WORD -> inWord(c);
            case IN_NUMBER -> inNumber(c);
            case DONE, BROKEN -> State.BROKEN;
            default -> SPACE.indexOf(c) >= 0 ? state : between(c);
        };
        return state;
    }

    private State between(char c) {
        return switch (state) {
            case ROOT -> c == '{' ? open(true) : State.BROKEN;
            case KEY_OR_END -> c == '}' ? close(true) : key(c);
            case KEY -> key(c);
            case COLON -> c == ':' ? State.VALUE : State.BROKEN;
            case VALUE_OR_END -> c == ']' ? close(false) : value(c);
            case VALUE -> value(c);
            case AFTER -> after(c);
            default -> State.BROKEN;
        };
    }

    private static State key(char c) {
        return c == '"' ? State.IN_KEY : State.BROKEN;
    }

    private State value(char c) {
        return switch (c) {
            case '{' -> open(true);
            case '[' -> open(false);
            case '"' -> State.IN_TEXT;
            case 't' -> word("rue");
            case 'f' -> word("alse");
            case 'n' -> word("ull");
            case '-' -> number(Digits.MINUS);
            case '0' -> number(Digits.ZERO);
            default -> digit(c) ? number(Digits.WHOLE) : State.BROKEN;
        };
    }

    private State open(boolean object) {
        if (depth == MAX_DEPTH) {
            return State.BROKEN;
        }
        objects.set(depth++, object);
        return object ? State.KEY_OR_END : State.VALUE_OR_END;
    }

    private State close(boolean object) {
        if (objects.get(depth - 1) != object) {
            return State.BROKEN;
        }
        depth--;
        return depth == 0 ? State.DONE : State.AFTER;
    }

    private State after(char c) {
        return switch (c) {
            case ',' -> objects.get(depth - 1) ? State.KEY : State.VALUE;
            case '}' -> close(true);
            case ']' -> close(false);
            default -> State.BROKEN;
        };
    }

    private State inText(char c) {
        if (escape == 0) {
            escape = c == '\\' ? -1 : 0;
            return c == '"' ? state == State.IN_KEY ? State.COLON : State.AFTER : c < ' ' ? State.BROKEN : state;
        }
        if (escape > 0) {
            escape--;
            return Character.digit(c, 16) >= 0 && c < 0x80 ? state : State.BROKEN;
        }
        escape = c == 'u' ? HEX_DIGITS : 0;
        return c == 'u' || ESCAPES.indexOf(c) >= 0 ? state : State.BROKEN;
    }

    private State word(String rest) {
        word = rest;
        return State.IN_WORD;
    }

    private State inWord(char c) {
        if (word.charAt(0) != c) {
            return State.BROKEN;
        }
        word = word.substring(1);
        return word.isEmpty() ? State.AFTER : State.IN_WORD;
    }

    private State number(Digits first) {
        digits = first;
        return State.IN_NUMBER;
    }

    private State inNumber(char c) {
        Digits next = nextDigits(c);
        if (next != null) {
            return number(next);
        }
        boolean whole = digits == Digits.ZERO || digits == Digits.WHOLE || digits == Digits.FRACTION || digits == Digits.POWER;
        state = State.AFTER;
        return !whole ? State.BROKEN : SPACE.indexOf(c) >= 0 ? State.AFTER : after(c);
    }

    private Digits nextDigits(char c) {
        boolean exponent = c == 'e' || c == 'E';
        return switch (digits) {
            case MINUS -> c == '0' ? Digits.ZERO : digit(c) ? Digits.WHOLE : null;
            case ZERO, WHOLE -> digits == Digits.WHOLE && digit(c) ? Digits.WHOLE : c == '.' ? Digits.POINT : exponent ? Digits.EXPONENT : null;
            case POINT -> digit(c) ? Digits.FRACTION : null;
            case FRACTION -> digit(c) ? Digits.FRACTION : exponent ? Digits.EXPONENT : null;
            case EXPONENT -> digit(c) ? Digits.POWER : c == '+' || c == '-' ? Digits.SIGN : null;
            case SIGN, POWER -> digit(c) ? Digits.POWER : null;
        };
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }
}
