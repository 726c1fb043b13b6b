package dev.candor.inference.text.jinja;

import dev.candor.inference.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parses a whole template; expressions are left to {@link ExpressionParser}. */
final class TemplateParser {
    private static final Set<String> LOADING = Set.of("include", "import", "from", "extends", "block");

    private final TokenStream tokens;
    private final ParseContext context;
    private final ExpressionParser expressions;
    private final PostfixParser postfix;
    private final TargetParser targets;
    private int loops;

    private TemplateParser(TokenStream tokens, ParseContext context) {
        this.tokens = tokens;
        this.context = context;
        this.expressions = new ExpressionParser(tokens, context);
        this.postfix = new PostfixParser(tokens, context, expressions);
        this.targets = new TargetParser(tokens, context, expressions);
    }

    static Template parse(String source, JinjaLimits limits) {
        ParseContext context = new ParseContext(limits);
        TemplateParser parser = new TemplateParser(new TokenStream(Lexer.tokenize(source)), context);
        List<Stmt> body = parser.body(Set.of());
        context.refuseUnknown();
        return Template.of(body);
    }

    /** Statements up to a tag whose name is in {@code ends}; that name is the current token afterwards. */
    private List<Stmt> body(Set<String> ends) {
        List<Stmt> body = new ArrayList<>();
        while (!tokens.current().is(Kind.EOF)) {
            Token token = tokens.next();
            switch (token.kind()) {
                case DATA -> body.add(new Stmt.Text(token.text()));
                case VARIABLE_BEGIN -> {
                    body.add(new Stmt.Print(expressions.tuple(true, false), token.line()));
                    tokens.expect(Kind.VARIABLE_END, "'}}'");
                }
                default -> {
                    if (tokens.current().is(Kind.NAME) && ends.contains(tokens.current().text())) {
                        return List.copyOf(body);
                    }
                    context.enter(tokens);
                    body.addAll(statement(ends));
                    context.leave();
                    tokens.expect(Kind.BLOCK_END, "'%}'");
                }
            }
        }
        if (!ends.isEmpty()) {
            throw tokens.fail("unexpected end of template, looking for " + String.join(" or ", ends.stream().sorted().toList()));
        }
        return List.copyOf(body);
    }

    private List<Stmt> statement(Set<String> ends) {
        Token tag = tokens.expect(Kind.NAME, "a tag name");
        int line = tag.line();
        return switch (tag.text()) {
            case "if" -> List.of(ifStatement());
            case "for" -> List.of(forStatement(line));
            case "set" -> List.of(set(line));
            case "macro" -> List.of(macro(line));
            case "call" -> List.of(callBlock(line));
            case "filter" -> List.of(new Stmt.FilterBlock(startingFilter(), closedBody("endfilter"), line));
            case "with" -> List.of(with(line));
            case "print" -> print(line);
            case "generation" -> List.of(new Stmt.Scoped(unloopedBody("endgeneration")));
            case "break" -> List.of(inLoop(new Stmt.Break(), tag));
            case "continue" -> List.of(inLoop(new Stmt.Continue(), tag));
            default -> throw JinjaError.at(line, LOADING.contains(tag.text())
                    ? "the tag '" + tag.text() + "' is of no use in a chat template: there are no other templates to load"
                    : "encountered unknown tag '" + tag.text() + "'"
                    + (ends.isEmpty() ? "" : ", looking for " + String.join(" or ", ends.stream().sorted().toList())));
        };
    }

    private Stmt inLoop(Stmt statement, Token tag) {
        if (loops == 0) {
            throw JinjaError.at(tag.line(), "'" + tag.text() + "' outside loop");
        }
        return statement;
    }

    /** A body that ends with exactly the tag {@code end}, which is read too. */
    private List<Stmt> closedBody(String end) {
        List<Stmt> body = openBody(Set.of(end));
        tokens.next();
        return body;
    }

    private List<Stmt> unloopedBody(String end) {
        int outer = loops;
        loops = 0;
        List<Stmt> body = closedBody(end);
        loops = outer;
        return body;
    }

    private List<Stmt> openBody(Set<String> ends) {
        tokens.skipOperator(":");
        tokens.expect(Kind.BLOCK_END, "'%}'");
        return body(ends);
    }

    private Stmt ifStatement() {
        int unknown = context.unknownNames();
        List<Stmt.Branch> branches = new ArrayList<>();
        List<Stmt> otherwise = List.of();
        String next = "if";
        while (!next.equals("endif")) {
            if (next.equals("else")) {
                otherwise = closedBody("endif");
                break;
            }
            int line = tokens.current().line();
            Expr test = expressions.tuple(false, false);
            branches.add(new Stmt.Branch(test, openBody(Set.of("elif", "else", "endif")), line));
            next = tokens.next().text();
        }
        context.tolerateUnknownSince(unknown);
        return new Stmt.If(List.copyOf(branches), otherwise);
    }

    private Stmt forStatement(int line) {
        Stmt.Target target = targets.target();
        if (!tokens.skipName("in")) {
            throw tokens.fail("expected 'in', got " + tokens.current().describe());
        }
        Expr series = expressions.tuple(false, false);
        Expr filter = tokens.skipName("if") ? expressions.expression() : null;
        boolean recursive = tokens.skipName("recursive");
        loops++;
        List<Stmt> body = openBody(Set.of("endfor", "else"));
        loops--;
        List<Stmt> otherwise = tokens.next().text().equals("else") ? closedBody("endfor") : List.of();
        return new Stmt.For(target, series, filter, recursive, body, otherwise, line);
    }

    private Stmt set(int line) {
        Stmt.Target target = targets.target();
        if (tokens.skipOperator("=")) {
            return new Stmt.Set(target, expressions.tuple(true, false), line);
        }
        Expr filter = postfix.filterChain(Stmt.BODY);
        return new Stmt.SetBlock(target, filter, closedBody("endset"), line);
    }

    private Stmt macro(int line) {
        String name = targets.name();
        List<Stmt.Parameter> parameters = targets.signature();
        context.openMacro();
        List<Stmt> body = unloopedBody("endmacro");
        return new Stmt.Macro(signature(name, parameters, line), body, line);
    }

    private Stmt callBlock(int line) {
        List<Stmt.Parameter> parameters = tokens.current().isOperator("(") ? targets.signature() : List.of();
        if (!(expressions.expression() instanceof Expr.Call call)) {
            throw JinjaError.at(line, "expected call");
        }
        context.openMacro();
        List<Stmt> body = unloopedBody("endcall");
        return new Stmt.CallBlock(signature("caller", parameters, line), call, body, line);
    }

    private Stmt.Signature signature(String name, List<Stmt.Parameter> parameters, int line) {
        Set<String> specials = context.closeMacro();
        for (Stmt.Parameter parameter : parameters) {
            if (parameter.name().equals("caller") && parameter.fallback() == null && specials.contains("caller")) {
                throw JinjaError.at(line, "the special parameter 'caller' must be omitted or be given a default");
            }
        }
        return new Stmt.Signature(name, parameters, specials);
    }

    private Expr startingFilter() {
        Expr first = postfix.filter(Stmt.BODY);
        Expr chain = postfix.filterChain(first);
        return chain == null ? first : chain;
    }

    private Stmt with(int line) {
        List<Stmt.Target> names = new ArrayList<>();
        List<Expr> values = new ArrayList<>();
        while (!tokens.current().is(Kind.BLOCK_END)) {
            if (!names.isEmpty()) {
                tokens.expectOperator(",");
            }
            names.add(targets.target());
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        return new Stmt.With(List.copyOf(names), List.copyOf(values), closedBody("endwith"), line);
    }

    private List<Stmt> print(int line) {
        List<Stmt> printed = new ArrayList<>();
        while (!tokens.current().is(Kind.BLOCK_END)) {
            if (!printed.isEmpty()) {
                tokens.expectOperator(",");
            }
            printed.add(new Stmt.Print(expressions.expression(), line));
        }
        return printed;
    }
}
