package dev.candor.inference.text.jinja;

import dev.candor.inference.text.jinja.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parses expressions with Jinja2's precedence: {@code if-else, or, and, not, comparison, + -, ~, * / // %, **, unary, postfix}. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");

    private final TokenStream tokens;
    private final ParseContext context;
    private final PostfixParser postfix;

    ExpressionParser(TokenStream tokens, ParseContext context) {
        this.tokens = tokens;
        this.context = context;
        this.postfix = new PostfixParser(tokens, context, this);
    }

    Expr expression() {
        context.enter(tokens);
        Expr expression = conditional();
        context.leave();
        return expression;
    }

    /** An expression without inline {@code if}. */
    Expr disjunction() {
        Expr left = conjunction();
        while (tokens.skipName("or")) {
            left = new Expr.Or(left, conjunction());
        }
        return left;
    }

    /** One expression, or several with commas as a tuple. */
    Expr tuple(boolean withConditional, boolean parenthesized) {
        List<Expr> items = new ArrayList<>();
        boolean comma = false;
        while (!atTupleEnd()) {
            items.add(withConditional ? expression() : disjunction());
            if (!tokens.skipOperator(",")) {
                break;
            }
            comma = true;
        }
        if (!comma && items.size() == 1) {
            return items.getFirst();
        }
        if (!comma && !parenthesized) {
            throw tokens.fail("expected an expression, got " + tokens.current().describe());
        }
        return new Expr.TupleOf(List.copyOf(items));
    }

    private boolean atTupleEnd() {
        Token token = tokens.current();
        return token.is(Kind.VARIABLE_END) || token.is(Kind.BLOCK_END) || token.isOperator(")");
    }

    private Expr conditional() {
        int line = tokens.current().line();
        int unknown = context.unknownNames();
        Expr then = disjunction();
        while (tokens.skipName("if")) {
            Expr test = disjunction();
            Expr otherwise = null;
            if (tokens.skipName("else")) {
                context.enter(tokens);
                otherwise = conditional();
                context.leave();
            }
            then = new Expr.Conditional(test, then, otherwise, line);
            context.tolerateUnknownSince(unknown);
        }
        return then;
    }

    private Expr conjunction() {
        Expr left = negation();
        while (tokens.skipName("and")) {
            left = new Expr.And(left, negation());
        }
        return left;
    }

    private Expr negation() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        context.enter(tokens);
        Expr operand = negation();
        context.leave();
        return new Expr.Not(operand);
    }

    private Expr comparison() {
        Expr first = sum();
        List<Expr.Comparand> rest = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.is(Kind.OPERATOR) && COMPARISONS.contains(token.text())) {
                tokens.next();
                rest.add(new Expr.Comparand(token.text(), sum()));
            } else if (tokens.skipName("in")) {
                rest.add(new Expr.Comparand("in", sum()));
            } else if (token.isName("not") && tokens.look().isName("in")) {
                tokens.next();
                tokens.next();
                rest.add(new Expr.Comparand("not in", sum()));
            } else {
                return rest.isEmpty() ? first : new Expr.Compare(first, List.copyOf(rest));
            }
        }
    }

    private Expr sum() {
        Expr left = concatenation();
        while (tokens.current().isOperator("+") || tokens.current().isOperator("-")) {
            String operator = tokens.next().text();
            left = new Expr.Binary(operator, left, concatenation());
        }
        return left;
    }

    private Expr concatenation() {
        Expr first = product();
        if (!tokens.current().isOperator("~")) {
            return first;
        }
        List<Expr> parts = new ArrayList<>(List.of(first));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return new Expr.Concat(List.copyOf(parts));
    }

    private Expr product() {
        Expr left = power();
        while (tokens.current().is(Kind.OPERATOR) && PRODUCTS.contains(tokens.current().text())) {
            String operator = tokens.next().text();
            left = new Expr.Binary(operator, left, power());
        }
        return left;
    }

    private Expr power() {
        Expr left = unary(true);
        while (tokens.skipOperator("**")) {
            left = new Expr.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expr unary(boolean withFilter) {
        Expr operand;
        if (tokens.skipOperator("-")) {
            operand = new Expr.Negate(nestedUnary());
        } else if (tokens.skipOperator("+")) {
            operand = new Expr.Plus(nestedUnary());
        } else {
            operand = primary();
        }
        Expr expression = postfix.postfix(operand);
        return withFilter ? postfix.filtersAndTests(expression) : expression;
    }

    private Expr nestedUnary() {
        context.enter(tokens);
        Expr operand = unary(false);
        context.leave();
        return operand;
    }

    Expr primary() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case NAME -> name(tokens.next().text());
            case STRING -> strings();
            case INTEGER -> new Expr.Literal(integer(tokens.next()));
            case FLOAT -> new Expr.Literal(new Value.Real(Double.parseDouble(tokens.next().text())));
            case OPERATOR -> bracketed(token);
            default -> throw tokens.fail("unexpected " + token.describe());
        };
    }

    private Expr name(String name) {
        return switch (name) {
            case "true", "True" -> new Expr.Literal(Value.Bool.TRUE);
            case "false", "False" -> new Expr.Literal(Value.Bool.FALSE);
            case "none", "None" -> new Expr.Literal(Value.None.NONE);
            default -> {
                context.used(name);
                yield new Expr.Name(name);
            }
        };
    }

    private Expr strings() {
        StringBuilder text = new StringBuilder();
        while (tokens.current().is(Kind.STRING)) {
            text.append(tokens.next().text());
        }
        return new Expr.Literal(new Value.Str(text.toString()));
    }

    private Value integer(Token token) {
        String digits = token.text();
        int radix = digits.length() > 2 ? NumberScan.radix(digits.charAt(1)) : 10;
        if (digits.length() > context.limits().integerBits() / 4) {
            throw JinjaError.at(token.line(), "a number has too many digits");
        }
        return new Value.Int(new BigInteger(radix == 10 ? digits : digits.substring(2), radix));
    }

    private Expr bracketed(Token token) {
        context.enter(tokens);
        tokens.next();
        Expr result = switch (token.text()) {
            case "(" -> {
                Expr inner = tuple(true, true);
                tokens.expectOperator(")");
                yield inner;
            }
            case "[" -> list();
            case "{" -> dict();
            default -> throw JinjaError.at(token.line(), "unexpected " + token.describe());
        };
        context.leave();
        return result;
    }

    private Expr list() {
        List<Expr> items = new ArrayList<>();
        while (!tokens.skipOperator("]")) {
            items.add(expression());
            if (!tokens.current().isOperator("]")) {
                tokens.expectOperator(",");
            }
        }
        return new Expr.ListOf(List.copyOf(items));
    }

    private Expr dict() {
        List<Expr.Pair> pairs = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            Expr key = expression();
            tokens.expectOperator(":");
            pairs.add(new Expr.Pair(key, expression()));
            if (!tokens.current().isOperator("}")) {
                tokens.expectOperator(",");
            }
        }
        return new Expr.DictOf(List.copyOf(pairs));
    }
}
