package dev.candor.inference.text.jinja;

import java.util.List;

/** The tokens of one template under a cursor; the last token is {@code EOF} and never passed. */
final class TokenStream {
    private final List<Token> tokens;
    private int position;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(position);
    }

    Token look() {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = current();
        if (position < tokens.size() - 1) {
            position++;
        }
        return token;
    }

    boolean skipName(String name) {
        return skip(current().isName(name));
    }

    boolean skipOperator(String operator) {
        return skip(current().isOperator(operator));
    }

    private boolean skip(boolean matches) {
        if (matches) {
            next();
        }
        return matches;
    }

    Token expect(Token.Kind kind, String what) {
        if (!current().is(kind)) {
            throw fail("expected " + what + ", got " + current().describe());
        }
        return next();
    }

    Token expectName() {
        return expect(Token.Kind.NAME, "a name");
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw fail("expected '" + operator + "', got " + current().describe());
        }
    }

    JinjaError fail(String message) {
        return JinjaError.at(current().line(), message);
    }
}
