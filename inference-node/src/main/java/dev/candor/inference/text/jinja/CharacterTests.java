package dev.candor.inference.text.jinja;

import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** Python's {@code str.is...} questions. */
final class CharacterTests {
    static final Map<String, Predicate<String>> ALL = Map.ofEntries(
            Map.entry("isspace", all(PyText::isSpace)),
            Map.entry("isalpha", all(Character::isLetter)),
            Map.entry("isdigit", all(CharacterTests::isDigit)),
            Map.entry("isdecimal", all(c -> Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER)),
            Map.entry("isnumeric", all(CharacterTests::isNumeric)),
            Map.entry("isalnum", all(c -> Character.isLetter(c) || isNumeric(c))),
            Map.entry("isascii", text -> text.chars().allMatch(c -> c < 128)),
            Map.entry("isupper", CharacterTests::isUpper),
            Map.entry("islower", CharacterTests::isLower),
            Map.entry("istitle", CharacterTests::isTitle));

    private CharacterTests() {
    }

    private static Predicate<String> all(IntPredicate test) {
        return text -> !text.isEmpty() && text.codePoints().allMatch(test);
    }

    private static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER || type == Character.LETTER_NUMBER || type == Character.OTHER_NUMBER;
    }

    private static boolean isDigit(int c) {
        boolean superscript = c == 0xb2 || c == 0xb3 || c == 0xb9 || c == 0x2070 || c >= 0x2074 && c <= 0x2079 || c >= 0x2080 && c <= 0x2089;
        return superscript || Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER;
    }

    static boolean isUpper(String text) {
        return text.codePoints().anyMatch(Character::isUpperCase)
                && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
    }

    static boolean isLower(String text) {
        return text.codePoints().anyMatch(Character::isLowerCase)
                && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
    }

    private static boolean isTitle(String text) {
        return text.codePoints().anyMatch(Casing::isCased) && Casing.title(text).equals(text);
    }
}
