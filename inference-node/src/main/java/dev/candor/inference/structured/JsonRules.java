package dev.candor.inference.structured;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * The parts that all JSON texts are made of, each built once a program when it is first needed. Strings, numbers and white space in the
 * form that docs/structured.md states.
 */
final class JsonRules {
    private static final int INDENT = 40;
    private static final String DIGITS_18 = "(0|[1-9][0-9]{0,17})";

    private final ProgramBuilder builder;
    private final Map<String, Integer> rules = new HashMap<>();

    JsonRules(ProgramBuilder builder) {
        this.builder = builder;
    }

    private int rule(String name, IntSupplier start) {
        Integer known = rules.get(name);
        if (known != null) {
            return known;
        }
        int rule = builder.newRule();
        rules.put(name, rule);
        builder.start(rule, start.getAsInt());
        return rule;
    }

    /** Nothing, a space, or a line break with indentation. */
    int space(int next) {
        return builder.call(rule("space", () -> {
            int end = builder.end();
            int indent = end;
            for (int i = 0; i < INDENT; i++) {
                indent = builder.either(builder.node(Program.BYTES, ' ', ' ', indent, '\t', '\t', indent), end);
            }
            return builder.either(builder.node(Program.BYTES, ' ', ' ', end, '\n', '\n', indent), end);
        }), next);
    }

    /** Nothing or a space. */
    int gap(int next) {
        return builder.either(builder.bytes(' ', ' ', next), next);
    }

    /** Any string. */
    int string(int next) {
        return builder.call(rule("string", () -> {
            int body = builder.node(Program.BYTES);
            int[] ways = characters(body);
            int[] all = Arrays.copyOf(ways, ways.length + 3);
            all[ways.length] = '"';
            all[ways.length + 1] = '"';
            all[ways.length + 2] = builder.end();
            builder.lead(body, all);
            builder.followedByText(body, Integer.MAX_VALUE, body);
            return builder.bytes('"', '"', body);
        }), next);
    }

    /** Any string of so many characters. @param max {@link Integer#MAX_VALUE} for no limit */
    int string(int min, int max, int next) {
        int unit = rule("character", () -> {
            int start = builder.node(Program.BYTES, characters(builder.end()));
            builder.followedByText(start, Program.UNIT, start);
            return start;
        });
        return builder.bytes('"', '"', builder.loop(unit, min, max, builder.bytes('"', '"', next)));
    }

    /** One character of a string in any spelling, as edges. */
    private int[] characters(int next) {
        int tail1 = builder.bytes(0x80, 0xBF, next);
        int tail2 = builder.bytes(0x80, 0xBF, tail1);
        int hex1 = hex(next);
        int hex2 = hex(hex1);
        int low = builder.literal("\\u", builder.node(Program.BYTES, 'D', 'D', builder.node(Program.BYTES, 'C', 'F', hex2, 'c', 'f', hex2),
                'd', 'd', builder.node(Program.BYTES, 'C', 'F', hex2, 'c', 'f', hex2)));
        int lowAfter = hex(hex(low));
        int hex3 = hex(hex2);
        int surrogateOrNot = builder.node(Program.BYTES, '0', '7', hex2, '8', '9', lowAfter, 'A', 'B', lowAfter, 'a', 'b', lowAfter);
        int unicode = builder.node(Program.BYTES, '0', '9', hex3, 'A', 'C', hex3, 'E', 'F', hex3, 'a', 'c', hex3, 'e', 'f', hex3,
                'D', 'D', surrogateOrNot, 'd', 'd', surrogateOrNot);
        int escape = builder.node(Program.BYTES, '"', '"', next, '\\', '\\', next, '/', '/', next, 'b', 'b', next, 'f', 'f', next,
                'n', 'n', next, 'r', 'r', next, 't', 't', next, 'u', 'u', unicode);
        return new int[] {' ', '!', next, '#', '[', next, ']', 0x7F, next, '\\', '\\', escape, 0xC2, 0xDF, tail1,
                0xE0, 0xE0, builder.bytes(0xA0, 0xBF, tail1), 0xE1, 0xEC, tail2, 0xED, 0xED, builder.bytes(0x80, 0x9F, tail1), 0xEE, 0xEF, tail2,
                0xF0, 0xF0, builder.bytes(0x90, 0xBF, tail2), 0xF1, 0xF3, builder.bytes(0x80, 0xBF, tail2), 0xF4, 0xF4,
                builder.bytes(0x80, 0x8F, tail2)};
    }

    private int hex(int next) {
        return builder.node(Program.BYTES, '0', '9', next, 'A', 'F', next, 'a', 'f', next);
    }

    /** Any number. */
    int number(int next) {
        return fixed("number", "-?" + DIGITS_18 + "(\\.[0-9]{1,18})?([eE][+\\-]?[0-9]{1,2})?", next);
    }

    /** Any integer. */
    int integer(int next) {
        return fixed("integer", "-?" + DIGITS_18, next);
    }

    private int fixed(String name, String regex, int next) {
        return builder.call(rule(name, () -> builder.text(regex(regex), builder.end())), next);
    }

    private Dfa regex(String regex) {
        try {
            return RegexAutomaton.compile(RegexParser.parse(regex), true, builder.budget());
        } catch (RegexParser.RegexException e) {
            throw new IllegalStateException("a regular expression of our own is wrong", e);
        }
    }

    int literals(int next) {
        return builder.either(builder.literal("true", next), builder.literal("false", next), builder.literal("null", next));
    }

    /** Any value. */
    int value(int next) {
        return builder.call(rule("value", () -> {
            int end = builder.end();
            return builder.either(string(end), number(end), object(end), array(end), literals(end));
        }), next);
    }

    /** Any object. */
    int object(int next) {
        return builder.call(rule("object", () -> {
            int close = builder.bytes('}', '}', builder.end());
            int member = builder.deadEnd();
            int behind = builder.either(builder.bytes(',', ',', space(member)), space(close));
            Dfa names = Dfa.repeat(CharRanges.ALL, 0, -1, builder.budget());
            builder.lead(member, builder.key(names, builder.bytes(':', ':', gap(value(behind)))));
            return builder.open(space(builder.either(member, close)));
        }), next);
    }

    /** Any array. */
    int array(int next) {
        return builder.call(rule("array", () -> {
            int close = builder.bytes(']', ']', builder.end());
            int items = builder.newRule();
            builder.start(items, builder.bytes(',', ',', space(value(builder.end()))));
            int rest = builder.loop(items, 0, Integer.MAX_VALUE, space(close));
            return builder.bytes('[', '[', space(builder.either(value(rest), close)));
        }), next);
    }
}
