package dev.candor.inference.structured;

import dev.candor.inference.structured.RegexNode.Begin;
import dev.candor.inference.structured.RegexNode.Chars;
import dev.candor.inference.structured.RegexNode.Concat;
import dev.candor.inference.structured.RegexNode.Either;
import dev.candor.inference.structured.RegexNode.End;
import dev.candor.inference.structured.RegexNode.Repeated;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses the part of ECMA-262's regular expressions (with the flag {@code u}) that an automaton can follow. Where engines differ in
 * what a class holds ({@code .}, {@code \s}, {@code \S}), it holds only what all of them agree on, so that what is written satisfies them all.
 */
final class RegexParser {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_REPEAT = 100_000;

    private final String pattern;
    private final CharClasses classes;
    private int at;
    /** Where the character, escape or group begins that is being read. */
    private int begin;
    private int depth;

    private RegexParser(String pattern) {
        this.pattern = pattern;
        this.classes = new CharClasses();
    }

    /** @throws RegexException saying what is wrong and where */
    static RegexNode parse(String pattern) throws RegexException {
        RegexParser parser = new RegexParser(pattern);
        RegexNode node = parser.either();
        if (parser.at < pattern.length()) {
            throw parser.wrong("')' without '('");
        }
        return node;
    }

    private RegexException wrong(String problem) {
        return wrong(problem, at);
    }

    private static RegexException wrong(String problem, int where) {
        return new RegexException(problem + " at character " + (where + 1));
    }

    private boolean more() {
        return at < pattern.length();
    }

    private boolean take(String text) {
        if (pattern.startsWith(text, at)) {
            at += text.length();
            return true;
        }
        return false;
    }

    private int next() throws RegexException {
        if (!more()) {
            throw wrong("the expression breaks off");
        }
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }

    private RegexNode either() throws RegexException {
        if (++depth > MAX_DEPTH) {
            throw wrong("more than " + MAX_DEPTH + " groups in one another");
        }
        List<RegexNode> options = new ArrayList<>();
        do {
            options.add(concat());
        } while (take("|"));
        depth--;
        return options.size() == 1 ? options.getFirst() : new Either(options);
    }

    private RegexNode concat() throws RegexException {
        List<RegexNode> parts = new ArrayList<>();
        while (more() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            parts.add(quantified(atom()));
        }
        return parts.size() == 1 ? parts.getFirst() : new Concat(parts);
    }

    private RegexNode quantified(RegexNode atom) throws RegexException {
        RegexNode node = atom;
        if (take("*")) {
            node = new Repeated(atom, 0, -1);
        } else if (take("+")) {
            node = new Repeated(atom, 1, -1);
        } else if (take("?")) {
            node = new Repeated(atom, 0, 1);
        } else if (take("{")) {
            node = counted(atom);
        } else {
            return atom;
        }
        if (atom instanceof Begin || atom instanceof End) {
            throw wrong("an anchor cannot be repeated");
        }
        take("?");
        if (more() && "*+?{".indexOf(pattern.charAt(at)) >= 0) {
            throw wrong("a quantifier follows a quantifier");
        }
        return node;
    }

    private RegexNode counted(RegexNode atom) throws RegexException {
        int min = number();
        int max = min;
        if (take(",")) {
            max = more() && pattern.charAt(at) == '}' ? -1 : number();
        }
        if (!take("}")) {
            throw wrong("'}' is missing after '{' (write \\{ for the character)");
        }
        if (max >= 0 && max < min) {
            throw wrong("the repetition's bounds are the wrong way round");
        }
        return new Repeated(atom, min, max);
    }

    private int number() throws RegexException {
        int from = at;
        int value = 0;
        while (more() && pattern.charAt(at) >= '0' && pattern.charAt(at) <= '9') {
            value = value * 10 + pattern.charAt(at++) - '0';
            if (value > MAX_REPEAT) {
                throw wrong("more than " + MAX_REPEAT + " repetitions");
            }
        }
        if (from == at) {
            throw wrong("a number is missing after '{' (write \\{ for the character)");
        }
        return value;
    }

    private RegexNode atom() throws RegexException {
        begin = at;
        int c = next();
        return switch (c) {
            case '(' -> group();
            case '[' -> new Chars(set());
            case '.' -> new Chars(CharClasses.DOT);
            case '^' -> new Begin();
            case '$' -> new End();
            case '\\' -> new Chars(escape(false));
            case '*', '+', '?' -> throw wrong("nothing to repeat before '" + (char) c + "'", begin);
            case '{', '}', ']' -> throw wrong("'" + (char) c + "' must be written with a backslash", begin);
            default -> new Chars(CharRanges.of(c, c));
        };
    }

    private RegexNode group() throws RegexException {
        if (take("?")) {
            if (take("=") || take("!") || take("<=") || take("<!")) {
                throw wrong("lookahead and lookbehind are not supported", begin);
            }
            if (take("<") || take("P<")) {
                int end = pattern.indexOf('>', at);
                if (end < 0) {
                    throw wrong("the group's name has no end", begin);
                }
                at = end + 1;
            } else if (!take(":")) {
                throw wrong("flags and other special groups are not supported", begin);
            }
        }
        RegexNode node = either();
        if (!take(")")) {
            throw wrong("')' is missing");
        }
        return node;
    }

    private CharRanges set() throws RegexException {
        boolean negated = take("^");
        CharRanges set = CharRanges.NONE;
        while (!take("]")) {
            CharRanges first = setPart();
            if (pattern.startsWith("-", at) && !pattern.startsWith("-]", at)) {
                at++;
                set = set.or(range(first, setPart()));
            } else {
                set = set.or(first);
            }
        }
        // [\s\S] is everything in every engine.
        CharRanges whole = set.or(CharClasses.EVERY_SPACE);
        set = whole.equals(CharRanges.ALL) && set.and(classes.space()).equals(classes.space()) ? whole : set;
        return negated ? classes.not(set) : set;
    }

    private CharRanges range(CharRanges first, CharRanges last) throws RegexException {
        boolean single = first.count() == 1 && last.count() == 1 && first.first(0) == first.last(0) && last.first(0) == last.last(0);
        if (!single || first.first(0) > last.first(0)) {
            throw wrong("a range of characters must go from a lower to a higher one");
        }
        return CharRanges.of(first.first(0), last.first(0));
    }

    private CharRanges setPart() throws RegexException {
        begin = at;
        int c = next();
        if (c == '[' && more() && ":.=".indexOf(pattern.charAt(at)) >= 0) {
            throw wrong("POSIX classes such as [:alpha:] are not supported", begin);
        }
        return c == '\\' ? escape(true) : CharRanges.of(c, c);
    }

    private CharRanges escape(boolean inSet) throws RegexException {
        int c = next();
        if (c >= '1' && c <= '9' || c == 'k') {
            throw wrong("back references are not supported", begin);
        }
        if ((c == 'b' || c == 'B') && !inSet) {
            throw wrong("word boundaries are not supported", begin);
        }
        return switch (c) {
            case 'd' -> CharClasses.DIGITS;
            case 'D' -> CharClasses.DIGITS.not();
            case 'w' -> CharClasses.WORD;
            case 'W' -> CharClasses.WORD.not();
            case 's' -> classes.space();
            case 'S' -> CharClasses.EVERY_SPACE.not();
            case 'p', 'P' -> property(c == 'P');
            default -> {
                int character = character(c);
                yield CharRanges.of(character, character);
            }
        };
    }

    private CharRanges property(boolean negated) throws RegexException {
        if (!take("{")) {
            throw wrong("a property is written \\p{…}");
        }
        int end = pattern.indexOf('}', at);
        if (end < 0) {
            throw wrong("'}' is missing after \\p{");
        }
        String name = pattern.substring(at, end);
        CharRanges set = CharClasses.property(name)
                .orElseThrow(() -> wrong("the property '" + name + "' is not supported: general categories such as L or Lu and Script=… are", begin));
        at = end + 1;
        return negated ? set.not() : set;
    }

    private int character(int c) throws RegexException {
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'f' -> '\f';
            case 'v' -> 0x0B;
            case 'b' -> '\b';
            case '0' -> 0;
            case 'c' -> next() & 0x1F;
            case 'x' -> hex(2);
            case 'u' -> unicode();
            default -> {
                if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
                    throw wrong("the escape \\" + (char) c + " is not supported", begin);
                }
                yield c;
            }
        };
    }

    private int unicode() throws RegexException {
        if (take("{")) {
            int end = pattern.indexOf('}', at);
            int digits = end - at;
            if (digits < 1 || digits > 6) {
                throw wrong("\\u{…} needs one to six hexadecimal digits");
            }
            int c = hex(digits);
            at++;
            return c;
        }
        int high = hex(4);
        if (Character.isHighSurrogate((char) high) && take("\\u")) {
            return Character.toCodePoint((char) high, (char) hex(4));
        }
        return high;
    }

    private int hex(int digits) throws RegexException {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(next(), 16);
            if (digit < 0) {
                throw wrong("a hexadecimal digit is expected");
            }
            value = value * 16 + digit;
        }
        if (value > Character.MAX_CODE_POINT) {
            throw wrong("there is no such character");
        }
        return value;
    }

    /** A regular expression that cannot be followed; the message is for its author. */
    static final class RegexException extends Exception {
        RegexException(String message) {
            super(message);
        }
    }
}
