package dev.candor.inference.text.jinja;

import dev.candor.inference.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Parses what follows a primary expression: attributes, items, slices, calls, filters and tests. */
final class PostfixParser {
    private final TokenStream tokens;
    private final ParseContext context;
    private final ExpressionParser expressions;

    PostfixParser(TokenStream tokens, ParseContext context, ExpressionParser expressions) {
        this.tokens = tokens;
        this.context = context;
        this.expressions = expressions;
    }

    Expr postfix(Expr operand) {
        Expr expression = operand;
        while (true) {
            if (tokens.skipOperator(".")) {
                expression = attribute(expression);
            } else if (tokens.skipOperator("[")) {
                expression = subscript(expression);
            } else if (tokens.current().isOperator("(")) {
                expression = new Expr.Call(expression, callArguments());
            } else {
                return expression;
            }
        }
    }

    Expr filtersAndTests(Expr operand) {
        Expr expression = operand;
        while (true) {
            if (tokens.skipOperator("|")) {
                expression = filter(expression);
            } else if (tokens.skipName("is")) {
                expression = test(expression);
            } else if (tokens.current().isOperator("(")) {
                expression = new Expr.Call(expression, callArguments());
            } else {
                return expression;
            }
        }
    }

    /** One filter, whose {@code |} has been read. */
    Expr filter(Expr input) {
        int line = tokens.current().line();
        String name = dottedName();
        if (!Filters.exists(name)) {
            context.unknown(JinjaError.at(line, "No filter named '" + name + "'."));
        }
        return new Expr.Filter(input, name, tokens.current().isOperator("(") ? callArguments() : Expr.CallArguments.NONE);
    }

    /** The filters that follow, over {@code input}; or null if there is none. */
    Expr filterChain(Expr input) {
        Expr chain = null;
        while (tokens.skipOperator("|")) {
            chain = filter(chain == null ? input : chain);
        }
        return chain;
    }

    private Expr attribute(Expr object) {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> new Expr.Attribute(object, token.text());
            case INTEGER -> new Expr.Item(object, new Expr.Literal(new Value.Int(new java.math.BigInteger(token.text()))));
            default -> throw JinjaError.at(token.line(), "expected name or number, got " + token.describe());
        };
    }

    private Expr subscript(Expr object) {
        List<Expr> indices = new ArrayList<>();
        while (true) {
            if (tokens.current().isOperator(":")) {
                return slice(object, null);
            }
            indices.add(expressions.expression());
            if (indices.size() == 1 && tokens.current().isOperator(":")) {
                return slice(object, indices.getFirst());
            }
            if (tokens.skipOperator("]")) {
                return new Expr.Item(object, indices.size() == 1 ? indices.getFirst() : new Expr.TupleOf(List.copyOf(indices)));
            }
            tokens.expectOperator(",");
        }
    }

    private Expr slice(Expr object, Expr start) {
        tokens.expectOperator(":");
        Expr stop = slicePart();
        Expr step = tokens.skipOperator(":") ? slicePart() : null;
        tokens.expectOperator("]");
        return new Expr.Slice(object, start, stop, step);
    }

    private Expr slicePart() {
        return tokens.current().isOperator(":") || tokens.current().isOperator("]") ? null : expressions.expression();
    }

    private Expr test(Expr input) {
        boolean negated = tokens.skipName("not");
        int line = tokens.current().line();
        String name = dottedName();
        if (!Tests.exists(name)) {
            context.unknown(JinjaError.at(line, "No test named '" + name + "'."));
        }
        Expr test = new Expr.Test(input, name, testArguments());
        return negated ? new Expr.Not(test) : test;
    }

    private Expr.CallArguments testArguments() {
        Token token = tokens.current();
        if (token.isOperator("(")) {
            return callArguments();
        }
        boolean starts = switch (token.kind()) {
            case NAME -> !token.text().equals("else") && !token.text().equals("or") && !token.text().equals("and");
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.text().equals("[") || token.text().equals("{");
            default -> false;
        };
        if (!starts) {
            return Expr.CallArguments.NONE;
        }
        if (token.isName("is")) {
            throw tokens.fail("You cannot chain multiple tests with is");
        }
        return new Expr.CallArguments(List.of(postfix(expressions.primary())), List.of(), null, null);
    }

    private String dottedName() {
        StringBuilder name = new StringBuilder(tokens.expectName().text());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expectName().text());
        }
        return name.toString();
    }

    private Expr.CallArguments callArguments() {
        tokens.expectOperator("(");
        List<Expr> positional = new ArrayList<>();
        List<Expr.Named> named = new ArrayList<>();
        Expr star = null;
        Expr starStar = null;
        while (!tokens.skipOperator(")")) {
            if (tokens.skipOperator("*")) {
                require(star == null && starStar == null);
                star = expressions.expression();
            } else if (tokens.skipOperator("**")) {
                require(starStar == null);
                starStar = expressions.expression();
            } else if (tokens.current().is(Kind.NAME) && tokens.look().isOperator("=")) {
                require(starStar == null);
                String name = tokens.next().text();
                tokens.next();
                named.add(new Expr.Named(name, expressions.expression()));
            } else {
                require(star == null && starStar == null && named.isEmpty());
                positional.add(expressions.expression());
            }
            if (!tokens.current().isOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        return new Expr.CallArguments(List.copyOf(positional), List.copyOf(named), star, starStar);
    }

    private void require(boolean valid) {
        if (!valid) {
            throw tokens.fail("invalid syntax for function call expression");
        }
    }
}
