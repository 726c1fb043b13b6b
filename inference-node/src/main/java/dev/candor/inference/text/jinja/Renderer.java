package dev.candor.inference.text.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Executes statements and collects what they print. Not thread-safe: one per rendering. */
final class Renderer {
    private final Template template;
    private final Runtime runtime;
    private final Evaluator evaluator;
    private final MacroCalls macros;
    private StringBuilder out = new StringBuilder();

    Renderer(Template template, Runtime runtime) {
        this.template = template;
        this.runtime = runtime;
        this.evaluator = new Evaluator(runtime);
        this.macros = new MacroCalls(this, evaluator);
    }

    /** How a series of statements ended. */
    private enum Flow { NEXT, BREAK, CONTINUE }

    /** @param context the variables */
    String render(Scope context) {
        run(template.body(), template.scope(template.body(), context));
        return out.toString();
    }

    Template template() {
        return template;
    }

    /** What {@code body} prints, which goes nowhere else. */
    Value.Str capture(List<Stmt> body, Scope scope) {
        return capture(() -> run(body, scope));
    }

    private Value.Str capture(Runnable printing) {
        StringBuilder outer = out;
        out = new StringBuilder();
        printing.run();
        Value.Str captured = runtime.text(out.toString());
        out = outer;
        return captured;
    }

    private Flow run(List<Stmt> body, Scope scope) {
        for (Stmt statement : body) {
            runtime.budget().enter();
            Flow flow = execute(statement, scope);
            runtime.budget().leave();
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    private Flow execute(Stmt statement, Scope scope) {
        switch (statement) {
            case Stmt.Text text -> print(text.text());
            case Stmt.Print print -> inLine(print.line(), () -> print(runtime.str(evaluator.evaluate(print.value(), scope))));
            case Stmt.Set set -> inLine(set.line(), () -> assign(set.target(), evaluator.evaluate(set.value(), scope), scope));
            case Stmt.SetBlock block -> inLine(block.line(), () -> setBlock(block, scope));
            case Stmt.Macro macro -> scope.set(macro.signature().name(), macros.macro(macro.signature(), macro.body(), scope));
            case Stmt.CallBlock block -> inLine(block.line(), () -> print(runtime.str(macros.callBlock(block, scope, runtime))));
            case Stmt.FilterBlock block -> inLine(block.line(), () ->
                    print(runtime.str(filtered(block.filter(), capture(block.body(), template.scope(block.body(), scope)), scope))));
            case Stmt.With with -> {
                return run(with.body(), withScope(with, scope));
            }
            case Stmt.Scoped scoped -> run(scoped.body(), template.scope(scoped.body(), scope));
            case Stmt.If choice -> {
                return choose(choice, scope);
            }
            case Stmt.For loop -> {
                Value series = valueAt(loop.line(), loop.series(), scope);
                return inLoop(loop, series, scope, 0);
            }
            case Stmt.Break _ -> {
                return Flow.BREAK;
            }
            case Stmt.Continue _ -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.NEXT;
    }

    private void print(String text) {
        runtime.budget().emit(text.length());
        out.append(text);
    }

    private static void inLine(int line, Runnable action) {
        try {
            action.run();
        } catch (JinjaError e) {
            throw e.inLine(line);
        }
    }

    private Value valueAt(int line, Expr expression, Scope scope) {
        try {
            return evaluator.evaluate(expression, scope);
        } catch (JinjaError e) {
            throw e.inLine(line);
        }
    }

    private Flow choose(Stmt.If choice, Scope scope) {
        for (Stmt.Branch branch : choice.branches()) {
            if (Truth.of(valueAt(branch.line(), branch.test(), scope))) {
                return run(branch.body(), scope);
            }
        }
        return run(choice.otherwise(), scope);
    }

    private void setBlock(Stmt.SetBlock block, Scope scope) {
        Value.Str body = capture(block.body(), template.scope(block.body(), scope));
        assign(block.target(), block.filter() == null ? body : filtered(block.filter(), body, scope), scope);
    }

    private Value filtered(Expr filter, Value.Str body, Scope scope) {
        Scope inner = scope.inner();
        inner.set(Stmt.BODY.name(), body);
        return evaluator.evaluate(filter, inner);
    }

    private Scope withScope(Stmt.With with, Scope scope) {
        Scope inner = template.scope(with.body(), scope);
        for (int i = 0; i < with.targets().size(); i++) {
            assign(with.targets().get(i), valueAt(with.line(), with.values().get(i), scope), inner);
        }
        return inner;
    }

    private Flow inLoop(Stmt.For loop, Value series, Scope scope, int depth) {
        boolean[] completed = new boolean[1];
        inLine(loop.line(), () -> completed[0] = turns(loop, series, scope, depth));
        return completed[0] ? Flow.NEXT : run(loop.otherwise(), template.scope(loop.otherwise(), scope));
    }

    /** @return whether any turn ran to its end; as in Jinja2, one that was left by break or continue does not count */
    private boolean turns(Stmt.For loop, Value series, Scope scope, int depth) {
        Value items = loop.filter() == null ? series : selected(loop, series, scope);
        Value.Function recursion = !loop.recursive() ? null : (rt, arguments) -> {
            Value inner = arguments.bind("loop", 1, "iterable").get(0);
            return capture(() -> inLoop(loop, inner, scope, depth + 1));
        };
        LoopHelper helper = new LoopHelper(runtime, items, depth, recursion);
        boolean completed = false;
        while (helper.advance()) {
            Scope turn = template.scope(loop.body(), scope);
            turn.set("loop", helper);
            assign(loop.target(), helper.current(), turn);
            Flow flow = run(loop.body(), turn);
            completed |= flow == Flow.NEXT;
            if (flow == Flow.BREAK) {
                break;
            }
        }
        return completed;
    }

    private Value selected(Stmt.For loop, Value series, Scope scope) {
        Iterator<Value> all = Iteration.of(series, runtime);
        return Iteration.lazy(runtime.budget(), () -> {
            while (all.hasNext()) {
                Value item = all.next();
                Scope inner = scope.inner();
                assign(loop.target(), item, inner);
                if (Truth.of(evaluator.evaluate(loop.filter(), inner))) {
                    return item;
                }
            }
            return null;
        });
    }

    private void assign(Stmt.Target target, Value value, Scope scope) {
        switch (target) {
            case Stmt.NameTarget name -> scope.set(name.name(), value);
            case Stmt.NamespaceTarget attribute -> {
                if (!(scope.get(attribute.namespace()) instanceof Value.Namespace namespace)) {
                    throw new JinjaError("cannot assign attribute on non-namespace object");
                }
                runtime.budget().allocateEntries(1);
                namespace.attributes().put(attribute.attribute(), value);
            }
            case Stmt.TupleTarget tuple -> unpack(tuple.targets(), value, scope);
        }
    }

    private void unpack(List<Stmt.Target> targets, Value value, Scope scope) {
        List<Value> items = new ArrayList<>(targets.size());
        if (!Iteration.isIterable(value)) {
            throw new JinjaError("cannot unpack non-iterable " + value.typeName() + " object");
        }
        for (Iterator<Value> all = Iteration.of(value, runtime); all.hasNext();) {
            if (items.size() == targets.size()) {
                throw new JinjaError("too many values to unpack (expected " + targets.size() + ")");
            }
            items.add(all.next());
        }
        if (items.size() < targets.size()) {
            throw new JinjaError("not enough values to unpack (expected " + targets.size() + ", got " + items.size() + ")");
        }
        for (int i = 0; i < targets.size(); i++) {
            assign(targets.get(i), items.get(i), scope);
        }
    }
}
