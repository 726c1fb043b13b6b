package dev.candor.inference.text.jinja;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The names that one scope mentions, as Jinja2's compiler tracks them statement by statement. */
final class ScopeNames {
    private final ScopeNames outer;
    private final ScopeNames before;
    private final Set<String> mentioned = new HashSet<>();
    private final Set<String> hidden = new HashSet<>();

    /** @param outer null for the whole template */
    ScopeNames(ScopeNames outer) {
        this(outer, null);
    }

    private ScopeNames(ScopeNames outer, ScopeNames before) {
        this.outer = outer;
        this.before = before;
    }

    /** Names whose value outside of the template is not to be seen here, since the scope assigns them before it reads them. */
    Set<String> hidden() {
        return Set.copyOf(hidden);
    }

    void read(String name) {
        if (!isMentioned(name)) {
            mentioned.add(name);
        }
    }

    void assign(String name) {
        if (!isMentioned(name)) {
            hidden.add(name);
        }
        mentioned.add(name);
    }

    void parameter(String name) {
        mentioned.add(name);
    }

    /** The same scope inside one branch of an {@code if}. */
    ScopeNames branch() {
        return new ScopeNames(outer, this);
    }

    /** Takes over what the branches mention; what only branches assign keeps its value from outside until then. */
    void join(List<ScopeNames> branches) {
        branches.forEach(branch -> mentioned.addAll(branch.mentioned));
    }

    private boolean isMentioned(String name) {
        return mentioned.contains(name) || before != null && before.isMentioned(name) || outer != null && outer.isMentioned(name);
    }
}
