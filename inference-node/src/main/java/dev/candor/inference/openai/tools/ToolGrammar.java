package dev.candor.inference.openai.tools;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.candor.inference.structured.Grammar;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Calls as a grammar, in a model's format.
 *
 * @param single  whether a text is one token of the vocabulary that stands for itself, such as {@code <tool_call>}
 * @param schemas the grammar of a function's arguments
 */
record ToolGrammar(ToolFormat format, Predicate<String> single, Function<FunctionTool, Grammar> schemas) {
    /** Calls in one answer. */
    static final int MAX_CALLS = 16;

    /** One call, or several if they may be. */
    Grammar calls(List<FunctionTool> tools, boolean several) {
        int max = several ? MAX_CALLS : 1;
        return switch (format) {
            case HERMES -> separated(sequence(marker("<tool_call>"), text("\n"), object(tools), text("\n"), marker("</tool_call>")), "\n", max);
            case LLAMA -> separated(object(tools), "; ", max);
            case GEMMA -> max == 1 ? object(tools) : new Grammar.Alternatives(List.of(object(tools), list(tools, max)));
            case MISTRAL_LIST -> sequence(marker("[TOOL_CALLS]"), text(" "), list(tools, max));
            case MISTRAL_NAMED -> separated(named(tools, name -> sequence(marker("[TOOL_CALLS]"), text(name), marker(ToolFormat.ARGS)), text("")), "", max);
            case DEEPSEEK -> deepseek(named(tools, name -> sequence(marker(ToolFormat.CALL_BEGIN), text("function"), marker(ToolFormat.SEPARATOR),
                    text(name + "\n```json\n")), sequence(text("\n```"), marker(ToolFormat.CALL_END))), max);
            case DEEPSEEK_NAMED -> deepseek(named(tools, name -> sequence(marker(ToolFormat.CALL_BEGIN), text(name), marker(ToolFormat.SEPARATOR)),
                    marker(ToolFormat.CALL_END)), max);
        };
    }

    /** Whatever the model likes to say, but where it calls, it calls as it should. Only for formats that announce calls. */
    Grammar freely(List<FunctionTool> tools, boolean several) {
        Grammar free = new Grammar.FreeText(format.announcements());
        Grammar call = calls(tools, several && format.grouped());
        return sequence(free, new Grammar.Repeat(sequence(call, free), 0, several && !format.grouped() ? MAX_CALLS : 1));
    }

    /** @param thinking what the model may think before {@code answer} */
    Grammar afterThoughts(Grammar answer, Thinking thinking) {
        return switch (thinking) {
            case Thinking.Over over -> answer;
            case Thinking.Possible possible -> new Grammar.Alternatives(List.of(answer,
                    sequence(marker(possible.markers().open()), thoughts(possible.markers()), answer)));
            case Thinking.Begun begun -> sequence(thoughts(begun.markers()), answer);
        };
    }

    private Grammar thoughts(ReasoningMarkers markers) {
        return sequence(new Grammar.FreeText(List.of(markers.close())), marker(markers.close()), text(markers.gap()));
    }

    private Grammar deepseek(Grammar call, int max) {
        return sequence(marker(ToolFormat.CALLS_BEGIN), separated(call, "\n", max), marker(ToolFormat.CALLS_END));
    }

    private Grammar list(List<FunctionTool> tools, int max) {
        return sequence(text("["), separated(object(tools), ", ", max), text("]"));
    }

    private Grammar object(List<FunctionTool> tools) {
        return named(tools, name -> text("{\"name\": " + PromptJson.write(JsonNodeFactory.instance.textNode(name)) + ", \"" + format.argumentsKey() + "\": "), text("}"));
    }

    private Grammar named(List<FunctionTool> tools, Function<String, Grammar> head, Grammar tail) {
        List<Grammar> options = new ArrayList<>();
        tools.forEach(tool -> options.add(sequence(head.apply(tool.name()), schemas.apply(tool), tail)));
        return options.size() == 1 ? options.getFirst() : new Grammar.Alternatives(options);
    }

    private static Grammar separated(Grammar item, String separator, int max) {
        if (max == 1) {
            return item;
        }
        return sequence(item, new Grammar.Repeat(sequence(text(separator), item), 0, max - 1));
    }

    private Grammar marker(String marker) {
        return single.test(marker) ? new Grammar.Special(marker) : text(marker);
    }

    private static Grammar text(String text) {
        return new Grammar.Literal(text);
    }

    private static Grammar sequence(Grammar... parts) {
        List<Grammar> flat = new ArrayList<>();
        for (Grammar part : parts) {
            if (part instanceof Grammar.Sequence inner) {
                flat.addAll(inner.parts());
            } else if (!(part instanceof Grammar.Literal literal && literal.text().isEmpty())) {
                flat.add(part);
            }
        }
        return flat.size() == 1 ? flat.getFirst() : new Grammar.Sequence(flat);
    }
}
