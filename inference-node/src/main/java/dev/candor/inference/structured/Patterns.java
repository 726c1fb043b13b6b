package dev.candor.inference.structured;

import dev.candor.inference.structured.Term.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The automata of a schema's patterns and formats, each made once. Of one compilation. */
final class Patterns {
    private final WorkBudget budget;
    private final Map<String, Dfa> known = new HashMap<>();

    Patterns(WorkBudget budget) {
        this.budget = budget;
    }

    /** Of {@code pattern} and {@code format} of all parts; a text must satisfy all. */
    List<Dfa> of(Term term) {
        List<Dfa> all = new ArrayList<>();
        for (Part part : term.parts()) {
            if (part.schema().has("pattern")) {
                all.add(unanchored(part, "pattern", part.schema().get("pattern").textValue()));
            }
            if (part.schema().has("format")) {
                Optional<String> format = Formats.pattern(part, part.schema().get("format").textValue());
                format.ifPresent(pattern -> all.add(automaton(part, "format", pattern, true)));
            }
        }
        return all;
    }

    /** What a regular expression of JSON Schema matches: it may match anywhere in the text. */
    Dfa unanchored(Part part, String keyword, String pattern) {
        return automaton(part, keyword, pattern, false);
    }

    private Dfa automaton(Part part, String keyword, String pattern, boolean whole) {
        String key = whole + pattern;
        Dfa dfa = known.get(key);
        if (dfa == null) {
            try {
                dfa = RegexAutomaton.compile(RegexParser.parse(pattern), whole, budget);
            } catch (RegexParser.RegexException e) {
                throw new SchemaProblem(part, keyword, "the regular expression cannot be followed: " + e.getMessage());
            }
            known.put(key, dfa);
        }
        return dfa;
    }

    /** The strings that satisfy a term of pattern, format and lengths. */
    Dfa strings(Term term) {
        int min = Keywords.atLeast(term, "minLength");
        int max = Keywords.atMost(term, "maxLength");
        if (max < min) {
            return Dfa.of(List.of(), budget);
        }
        Dfa strings = Dfa.repeat(CharRanges.ALL, min, max == Integer.MAX_VALUE ? -1 : max, budget);
        for (Dfa pattern : of(term)) {
            strings = strings.and(pattern, budget);
        }
        return strings;
    }
}
