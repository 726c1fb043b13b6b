package dev.candor.inference.text.jinja;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A parsed template. Immutable.
 *
 * @param hidden names by the body that hides them; see {@link HiddenNames}
 */
record Template(List<Stmt> body, Map<List<Stmt>, Set<String>> hidden) {
    static Template of(List<Stmt> body) {
        return new Template(body, HiddenNames.of(body));
    }

    /** A scope inside {@code outer} for {@code body}. */
    Scope scope(List<Stmt> body, Scope outer) {
        Scope scope = outer.inner();
        for (String name : hidden.getOrDefault(body, Set.of())) {
            scope.set(name, new Value.Undefined(PyRepr.quote(name) + " is undefined"));
        }
        return scope;
    }
}
