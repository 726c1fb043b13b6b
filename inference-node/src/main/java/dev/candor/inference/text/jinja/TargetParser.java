package dev.candor.inference.text.jinja;

import dev.candor.inference.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parses what can be assigned to, and the parameters of macros. */
final class TargetParser {
    private static final Set<String> CONSTANTS = Set.of("true", "false", "none", "True", "False", "None");

    private final TokenStream tokens;
    private final ParseContext context;
    private final ExpressionParser expressions;

    TargetParser(TokenStream tokens, ParseContext context, ExpressionParser expressions) {
        this.tokens = tokens;
        this.context = context;
        this.expressions = expressions;
    }

    String name() {
        String name = tokens.expectName().text();
        if (CONSTANTS.contains(name)) {
            throw tokens.fail("can't assign to '" + name + "'");
        }
        return name;
    }

    /** One target, or several with commas. */
    Stmt.Target target() {
        List<Stmt.Target> targets = new ArrayList<>();
        boolean comma = false;
        while (!atEnd()) {
            targets.add(single());
            if (!tokens.skipOperator(",")) {
                break;
            }
            comma = true;
        }
        if (targets.isEmpty()) {
            throw tokens.fail("expected something to assign to, got " + tokens.current().describe());
        }
        return comma ? new Stmt.TupleTarget(List.copyOf(targets)) : targets.getFirst();
    }

    private boolean atEnd() {
        return tokens.current().is(Kind.BLOCK_END) || tokens.current().isOperator(")");
    }

    private Stmt.Target single() {
        if (tokens.skipOperator("(")) {
            context.enter(tokens);
            Stmt.Target inner = target();
            context.leave();
            tokens.expectOperator(")");
            return inner;
        }
        String name = name();
        return tokens.skipOperator(".") ? new Stmt.NamespaceTarget(name, tokens.expectName().text()) : new Stmt.NameTarget(name);
    }

    /** The parenthesised parameters of a macro. */
    List<Stmt.Parameter> signature() {
        List<Stmt.Parameter> parameters = new ArrayList<>();
        boolean fallbacks = false;
        tokens.expectOperator("(");
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name = name();
            Expr fallback = tokens.skipOperator("=") ? expressions.expression() : null;
            if (fallback == null && fallbacks) {
                throw tokens.fail("non-default argument follows default argument");
            }
            fallbacks = fallback != null;
            parameters.add(new Stmt.Parameter(name, fallback));
        }
        return List.copyOf(parameters);
    }
}
