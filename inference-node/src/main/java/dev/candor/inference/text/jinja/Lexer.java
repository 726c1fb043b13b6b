package dev.candor.inference.text.jinja;

import dev.candor.inference.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a template into text and tags as Jinja2 does with {@code trim_blocks} and {@code lstrip_blocks} on and
 * {@code keep_trailing_newline} off. What stands inside a tag is read by {@link TagLexer}.
 */
final class Lexer {
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private boolean lineStarting = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokenize(String source) {
        return new Lexer(normalise(source)).run();
    }

    private static String normalise(String source) {
        String unix = source.replace("\r\n", "\n").replace('\r', '\n');
        return unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
    }

    private List<Token> run() {
        while (position < source.length()) {
            int tag = nextTag();
            if (tag < 0) {
                data(source.substring(position));
                position = source.length();
            } else {
                tag(tag);
            }
        }
        tokens.add(new Token(Kind.EOF, "", line));
        return tokens;
    }

    private int nextTag() {
        for (int at = source.indexOf('{', position); at >= 0 && at + 1 < source.length(); at = source.indexOf('{', at + 1)) {
            char next = source.charAt(at + 1);
            if (next == '{' || next == '%' || next == '#') {
                return at;
            }
        }
        return -1;
    }

    private void tag(int at) {
        String text = source.substring(position, at);
        char type = source.charAt(at + 1);
        char sign = signAt(at + 2);
        int raw = type == '%' ? rawTagEnd(at, "raw", false) : -1;
        data(stripped(text, sign, type != '{'));
        line += newlines(text);
        lineStarting = false;
        if (raw >= 0) {
            advance(raw, at);
            raw();
            return;
        }
        position = at + (sign == 0 ? 2 : 3);
        if (type == '#') {
            comment();
        } else {
            inside(type == '%');
        }
    }

    private char signAt(int at) {
        char sign = at < source.length() ? source.charAt(at) : 0;
        return sign == '-' || sign == '+' ? sign : 0;
    }

    /** The text before a tag, without what whitespace control takes away. */
    private String stripped(String text, char sign, boolean block) {
        if (sign == '-') {
            return PyText.stripRight(text);
        }
        int start = text.lastIndexOf('\n') + 1;
        boolean leading = start > 0 || lineStarting;
        return sign == 0 && block && leading && PyText.isBlank(text, start) ? text.substring(0, start) : text;
    }

    private void comment() {
        int end = source.indexOf("#}", position);
        if (end < 0) {
            throw JinjaError.at(line, "Missing end of comment tag");
        }
        char sign = end > position ? signAt(end - 1) : 0;
        advance(afterEnd(end + 2, sign), position);
    }

    private void raw() {
        for (int at = source.indexOf("{%", position); at >= 0; at = source.indexOf("{%", at + 1)) {
            int end = rawTagEnd(at, "endraw", true);
            if (end >= 0) {
                String text = source.substring(position, at);
                data(stripped(text, signAt(at + 2), true));
                advance(end, position);
                return;
            }
        }
        throw JinjaError.at(line, "Missing end of raw directive");
    }

    /** The end of the tag {@code {% word %}} that starts at {@code at}, or -1 if it is another tag. */
    private int rawTagEnd(int at, String word, boolean closing) {
        int start = PyText.skipSpace(source, at + (signAt(at + 2) == 0 ? 2 : 3));
        if (!source.startsWith(word, start)) {
            return -1;
        }
        int end = PyText.skipSpace(source, start + word.length());
        char sign = signAt(end);
        if (sign == '+' && !closing || !source.startsWith("%}", sign == 0 ? end : end + 1)) {
            return -1;
        }
        int after = end + (sign == 0 ? 2 : 3);
        return sign == 0 && !closing ? after : afterEnd(after, sign);
    }

    private void inside(boolean block) {
        tokens.add(new Token(block ? Kind.BLOCK_BEGIN : Kind.VARIABLE_BEGIN, "", line));
        TagLexer lexer = new TagLexer(source, position, line, block ? "%}" : "}}", block, tokens);
        int end = lexer.run();
        line = lexer.line();
        position = end;
        char sign = lexer.endSign();
        tokens.add(new Token(block ? Kind.BLOCK_END : Kind.VARIABLE_END, "", line));
        advance(block || sign == '-' ? afterEnd(end, sign) : end, end);
    }

    private int afterEnd(int at, char sign) {
        if (sign == '-') {
            return PyText.skipSpace(source, at);
        }
        return sign == 0 && at < source.length() && source.charAt(at) == '\n' ? at + 1 : at;
    }

    private void advance(int to, int countFrom) {
        line += newlines(source.substring(countFrom, to));
        position = to;
        lineStarting = to > 0 && source.charAt(to - 1) == '\n';
    }

    private void data(String text) {
        if (!text.isEmpty()) {
            tokens.add(new Token(Kind.DATA, text, line));
        }
    }

    private static int newlines(String text) {
        return (int) text.chars().filter(c -> c == '\n').count();
    }
}
