package dev.candor.inference.structured;

/** Arrays that satisfy a term. */
final class ArrayRule {
    private final SchemaTranslator translator;
    private final ProgramBuilder builder;
    private final JsonRules json;
    private final Term term;
    private final int min;
    private final int max;

    ArrayRule(SchemaTranslator translator, Term term) {
        this.translator = translator;
        this.builder = translator.builder();
        this.json = translator.json();
        this.term = term;
        this.min = Keywords.atLeast(term, "minItems");
        this.max = Keywords.atMost(term, "maxItems");
    }

    int emit(int end) {
        if (max < min) {
            return translator.contradiction(term.parts().getLast(), "maxItems", "maxItems is below minItems");
        }
        int prefix = Members.prefix(term);
        if (prefix > translator.limits().properties()) {
            throw new SchemaProblem(term.parts().getLast(), "prefixItems", "more than " + translator.limits().properties() + " items one by one");
        }
        int close = builder.bytes(']', ']', end);
        int begin = begin(prefix, close);
        return builder.bytes('[', '[', json.space(begin));
    }

    private int begin(int prefix, int close) {
        if (max == 0) {
            return close;
        }
        int after = others(Math.max(1, prefix), json.space(close));
        for (int i = prefix - 1; i >= 1; i--) {
            after = behind(i, after, close);
        }
        int first = builder.call(translator.rule(Members.item(term, 0)), after);
        return min == 0 ? builder.either(first, close) : first;
    }

    /** Behind the first {@code count} items: a comma and the next one, or the end. */
    private int behind(int count, int next, int close) {
        int end = json.space(close);
        if (count >= max) {
            return end;
        }
        int more = comma(builder.call(translator.rule(Members.item(term, count)), next));
        return count >= min ? builder.either(more, end) : more;
    }

    /** Behind those that are described one by one. */
    private int others(int count, int end) {
        int rule = builder.newRule();
        builder.start(rule, comma(builder.call(translator.rule(Members.item(term, count)), builder.end())));
        int most = max == Integer.MAX_VALUE ? max : Math.max(0, max - count);
        return builder.loop(rule, Math.max(0, min - count), most, end);
    }

    private int comma(int next) {
        return builder.bytes(',', ',', json.space(next));
    }
}
