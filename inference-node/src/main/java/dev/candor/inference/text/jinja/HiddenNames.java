package dev.candor.inference.text.jinja;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds, for every body with a scope of its own, the names that are undefined in it until it assigns them, whatever they are outside
 * the template. Jinja2 decides that when it compiles: {@code {% for x in y %}{{ a }}{% endfor %}{% set a = 1 %}} prints no variable
 * {@code a} of the caller.
 */
final class HiddenNames {
    private final Map<List<Stmt>, Set<String>> byBody = new IdentityHashMap<>();

    private HiddenNames() {
    }

    /** @return names by body, where there are any; bodies are told apart by identity */
    static Map<List<Stmt>, Set<String>> of(List<Stmt> template) {
        HiddenNames names = new HiddenNames();
        names.scope(template, new ScopeNames(null));
        return names.byBody;
    }

    private void scope(List<Stmt> body, ScopeNames names) {
        body.forEach(statement -> mention(statement, names));
        if (!names.hidden().isEmpty()) {
            byBody.put(body, names.hidden());
        }
        body.forEach(statement -> inner(statement, names));
    }

    /** What a statement mentions in the scope that it stands in. */
    private static void mention(Stmt statement, ScopeNames names) {
        switch (statement) {
            case Stmt.Text _, Stmt.Break _, Stmt.Continue _, Stmt.Scoped _ -> { }
            case Stmt.Print print -> NameReads.in(print.value(), names);
            case Stmt.If choice -> mention(choice, names);
            case Stmt.For loop -> NameReads.in(loop.series(), names);
            case Stmt.Set set -> {
                NameReads.in(set.value(), names);
                assign(set.target(), names);
            }
            case Stmt.SetBlock block -> assign(block.target(), names);
            case Stmt.Macro macro -> names.assign(macro.signature().name());
            case Stmt.CallBlock block -> NameReads.in(block.call(), names);
            case Stmt.FilterBlock block -> NameReads.in(block.filter(), names);
            case Stmt.With with -> with.values().forEach(value -> NameReads.in(value, names));
        }
    }

    private static void mention(Stmt.If choice, ScopeNames names) {
        NameReads.in(choice.branches().getFirst().test(), names);
        ScopeNames first = names.branch();
        choice.branches().getFirst().body().forEach(statement -> mention(statement, first));
        ScopeNames others = names.branch();
        for (Stmt.Branch other : choice.branches().subList(1, choice.branches().size())) {
            mention(new Stmt.If(List.of(other), List.of()), others);
        }
        ScopeNames otherwise = names.branch();
        choice.otherwise().forEach(statement -> mention(statement, otherwise));
        names.join(List.of(first, others, otherwise));
    }

    private static void assign(Stmt.Target target, ScopeNames names) {
        switch (target) {
            case Stmt.NameTarget name -> names.assign(name.name());
            case Stmt.NamespaceTarget attribute -> names.read(attribute.namespace());
            case Stmt.TupleTarget tuple -> tuple.targets().forEach(each -> assign(each, names));
        }
    }

    private static void parameter(Stmt.Target target, ScopeNames names) {
        switch (target) {
            case Stmt.NameTarget name -> names.parameter(name.name());
            case Stmt.NamespaceTarget attribute -> names.read(attribute.namespace());
            case Stmt.TupleTarget tuple -> tuple.targets().forEach(each -> parameter(each, names));
        }
    }

    /** The scopes inside a statement. */
    private void inner(Stmt statement, ScopeNames names) {
        switch (statement) {
            case Stmt.If choice -> {
                choice.branches().forEach(branch -> branch.body().forEach(each -> inner(each, names)));
                choice.otherwise().forEach(each -> inner(each, names));
            }
            case Stmt.For loop -> {
                ScopeNames turn = new ScopeNames(names);
                parameter(loop.target(), turn);
                turn.parameter("loop");
                scope(loop.body(), turn);
                scope(loop.otherwise(), new ScopeNames(names));
            }
            case Stmt.SetBlock block -> scope(block.body(), new ScopeNames(names));
            case Stmt.Macro macro -> macro(macro.signature(), macro.body(), names);
            case Stmt.CallBlock block -> macro(block.signature(), block.body(), names);
            case Stmt.FilterBlock block -> scope(block.body(), new ScopeNames(names));
            case Stmt.With with -> {
                ScopeNames within = new ScopeNames(names);
                with.targets().forEach(target -> parameter(target, within));
                scope(with.body(), within);
            }
            case Stmt.Scoped scoped -> scope(scoped.body(), new ScopeNames(names));
            case Stmt.Text _, Stmt.Print _, Stmt.Set _, Stmt.Break _, Stmt.Continue _ -> { }
        }
    }

    private void macro(Stmt.Signature signature, List<Stmt> body, ScopeNames names) {
        ScopeNames call = new ScopeNames(names);
        signature.specials().forEach(call::parameter);
        for (Stmt.Parameter parameter : signature.parameters()) {
            call.parameter(parameter.name());
            if (parameter.fallback() != null) {
                NameReads.in(parameter.fallback(), call);
            }
        }
        scope(body, call);
    }
}
