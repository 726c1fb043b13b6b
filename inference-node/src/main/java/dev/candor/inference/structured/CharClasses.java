package dev.candor.inference.structured;

import java.util.Map;
import java.util.Optional;

/** The named classes of characters of regular expressions. */
final class CharClasses {
    static final CharRanges DIGITS = CharRanges.of('0', '9');
    static final CharRanges WORD = CharRanges.union('0', '9', 'A', 'Z', '_', '_', 'a', 'z');
    /** What {@code \s} matches in every engine. */
    private static final CharRanges COMMON_SPACE = CharRanges.of(" \t\n\r\f\u000B");
    /** What {@code \s} matches in some engine. */
    static final CharRanges EVERY_SPACE = COMMON_SPACE.or(CharRanges.matching(c -> Character.isWhitespace(c) || Character.isSpaceChar(c)))
            .or(CharRanges.of("\u0085\u00A0\uFEFF\u180E"));
    /** Line ends of ECMA-262, Java and Python are out. */
    static final CharRanges DOT = CharRanges.of("\n\r\u0085\u2028\u2029").not();

    private static final Map<Character, String> GROUPS = Map.of(
            'L', "Lu Ll Lt Lm Lo", 'M', "Mn Mc Me", 'N', "Nd Nl No", 'P', "Pc Pd Ps Pe Pi Pf Po", 'S', "Sm Sc Sk So", 'Z', "Zs Zl Zp", 'C', "Cc Cf");
    private static final Map<String, Byte> CATEGORIES = Map.ofEntries(
            Map.entry("Lu", Character.UPPERCASE_LETTER), Map.entry("Ll", Character.LOWERCASE_LETTER), Map.entry("Lt", Character.TITLECASE_LETTER),
            Map.entry("Lm", Character.MODIFIER_LETTER), Map.entry("Lo", Character.OTHER_LETTER), Map.entry("Mn", Character.NON_SPACING_MARK),
            Map.entry("Mc", Character.COMBINING_SPACING_MARK), Map.entry("Me", Character.ENCLOSING_MARK),
            Map.entry("Nd", Character.DECIMAL_DIGIT_NUMBER), Map.entry("Nl", Character.LETTER_NUMBER), Map.entry("No", Character.OTHER_NUMBER),
            Map.entry("Pc", Character.CONNECTOR_PUNCTUATION), Map.entry("Pd", Character.DASH_PUNCTUATION),
            Map.entry("Ps", Character.START_PUNCTUATION), Map.entry("Pe", Character.END_PUNCTUATION),
            Map.entry("Pi", Character.INITIAL_QUOTE_PUNCTUATION), Map.entry("Pf", Character.FINAL_QUOTE_PUNCTUATION),
            Map.entry("Po", Character.OTHER_PUNCTUATION), Map.entry("Sm", Character.MATH_SYMBOL), Map.entry("Sc", Character.CURRENCY_SYMBOL),
            Map.entry("Sk", Character.MODIFIER_SYMBOL), Map.entry("So", Character.OTHER_SYMBOL), Map.entry("Zs", Character.SPACE_SEPARATOR),
            Map.entry("Zl", Character.LINE_SEPARATOR), Map.entry("Zp", Character.PARAGRAPH_SEPARATOR), Map.entry("Cc", Character.CONTROL),
            Map.entry("Cf", Character.FORMAT));

    CharRanges space() {
        return COMMON_SPACE;
    }

    /** What is in no reading of the set. */
    CharRanges not(CharRanges set) {
        return set.and(COMMON_SPACE).equals(COMMON_SPACE) ? set.or(EVERY_SPACE).not() : set.not();
    }

    /** A Unicode property as in {@code \p{Lu}} or {@code \p{Script=Greek}}. */
    static Optional<CharRanges> property(String name) {
        if (name.startsWith("Script=") || name.startsWith("sc=")) {
            return script(name.substring(name.indexOf('=') + 1));
        }
        String names = name.length() == 1 ? GROUPS.get(name.charAt(0)) : name;
        if (names == null) {
            return Optional.empty();
        }
        long wanted = 0;
        for (String category : names.split(" ")) {
            Byte type = CATEGORIES.get(category);
            if (type == null) {
                return Optional.empty();
            }
            wanted |= 1L << type;
        }
        long types = wanted;
        return Optional.of(CharRanges.matching(c -> (types >> Character.getType(c) & 1) == 1));
    }

    private static Optional<CharRanges> script(String name) {
        try {
            Character.UnicodeScript script = Character.UnicodeScript.forName(name);
            return Optional.of(CharRanges.matching(c -> Character.UnicodeScript.of(c) == script));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
