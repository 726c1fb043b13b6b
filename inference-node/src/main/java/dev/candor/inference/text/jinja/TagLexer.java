package dev.candor.inference.text.jinja;

import dev.candor.inference.text.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Reads the tokens inside one tag, up to and with its end. */
final class TagLexer {
    private static final List<String> OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]",
            "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";");

    private final String source;
    private final String end;
    private final boolean block;
    private final List<Token> tokens;
    private final Deque<Character> open = new ArrayDeque<>();
    private int position;
    private int line;
    private char endSign;

    TagLexer(String source, int position, int line, String end, boolean block, List<Token> tokens) {
        this.source = source;
        this.position = position;
        this.line = line;
        this.end = end;
        this.block = block;
        this.tokens = tokens;
    }

    /** @return the position after the tag's end */
    int run() {
        while (position < source.length()) {
            if (open.isEmpty() && atEnd()) {
                return position;
            }
            token();
        }
        throw JinjaError.at(line, "the template ends inside a tag");
    }

    int line() {
        return line;
    }

    /** The whitespace control sign at the tag's end, or 0. */
    char endSign() {
        return endSign;
    }

    private boolean atEnd() {
        char first = source.charAt(position);
        char sign = first == '-' || first == '+' && block ? first : 0;
        int at = sign == 0 ? position : position + 1;
        if (!source.startsWith(end, at)) {
            return false;
        }
        endSign = sign;
        position = at + end.length();
        return true;
    }

    private void token() {
        int first = source.codePointAt(position);
        if (PyText.isSpace(first)) {
            line += first == '\n' ? 1 : 0;
            position += Character.charCount(first);
        } else if (first >= '0' && first <= '9') {
            number();
        } else if (first == '_' || Character.isUnicodeIdentifierStart(first)) {
            name();
        } else if (first == '"' || first == '\'') {
            string((char) first);
        } else {
            operator();
        }
    }

    private void number() {
        NumberScan scan = NumberScan.at(source, position);
        tokens.add(new Token(scan.real() ? Kind.FLOAT : Kind.INTEGER, source.substring(position, scan.end()).replace("_", ""), line));
        position = scan.end();
    }

    private void name() {
        int start = position;
        while (position < source.length()) {
            int c = source.codePointAt(position);
            if (c != '_' && !Character.isUnicodeIdentifierPart(c) || Character.isIdentifierIgnorable(c)) {
                break;
            }
            position += Character.charCount(c);
        }
        tokens.add(new Token(Kind.NAME, source.substring(start, position), line));
    }

    private void string(char quote) {
        int at = position + 1;
        while (at < source.length() && source.charAt(at) != quote) {
            at += source.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= source.length()) {
            throw JinjaError.at(line, "a string is not closed");
        }
        String raw = source.substring(position + 1, at);
        tokens.add(new Token(Kind.STRING, StringLiteral.decode(raw, line), line));
        line += (int) raw.chars().filter(c -> c == '\n').count();
        position = at + 1;
    }

    private void operator() {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, position)) {
                balance(operator.charAt(0));
                tokens.add(new Token(Kind.OPERATOR, operator, line));
                position += operator.length();
                return;
            }
        }
        throw JinjaError.at(line, "unexpected character " + PyRepr.quote(Character.toString(source.codePointAt(position))));
    }

    private void balance(char bracket) {
        switch (bracket) {
            case '{' -> open.push('}');
            case '(' -> open.push(')');
            case '[' -> open.push(']');
            case '}', ')', ']' -> {
                if (open.isEmpty()) {
                    throw JinjaError.at(line, "unexpected '" + bracket + "'");
                }
                char expected = open.pop();
                if (expected != bracket) {
                    throw JinjaError.at(line, "unexpected '" + bracket + "', expected '" + expected + "'");
                }
            }
            default -> { }
        }
    }
}
