package dev.candor.inference.text.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the parsers of one template know of the place they are at. */
final class ParseContext {
    private static final Set<String> SPECIALS = Set.of("caller", "varargs", "kwargs");

    private final JinjaLimits limits;
    private final Deque<Set<String>> macros = new ArrayDeque<>();
    private final List<JinjaError> unknown = new ArrayList<>();
    private int depth;

    ParseContext(JinjaLimits limits) {
        this.limits = limits;
    }

    JinjaLimits limits() {
        return limits;
    }

    void enter(TokenStream at) {
        if (++depth > limits.parseDepth()) {
            throw at.fail("expressions and tags are nested more than " + limits.parseDepth() + " levels deep");
        }
    }

    void leave() {
        depth--;
    }

    void openMacro() {
        macros.push(new HashSet<>());
    }

    Set<String> closeMacro() {
        return Set.copyOf(macros.pop());
    }

    void used(String name) {
        if (SPECIALS.contains(name)) {
            macros.forEach(macro -> macro.add(name));
        }
    }

    /** Notes a filter or test that does not exist. */
    void unknown(JinjaError error) {
        unknown.add(error);
    }

    int unknownNames() {
        return unknown.size();
    }

    /** What was noted after the first {@code count} stands where it may never be evaluated, and is an error only if it is. */
    void tolerateUnknownSince(int count) {
        unknown.subList(count, unknown.size()).clear();
    }

    void refuseUnknown() {
        if (!unknown.isEmpty()) {
            throw unknown.getFirst();
        }
    }
}
