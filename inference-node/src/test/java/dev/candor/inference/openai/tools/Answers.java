package dev.candor.inference.openai.tools;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.testing.StreamedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Takes texts apart in tests. */
final class Answers {
    static final CallIds IDS = CallIds.of("chatcmpl-1", 0);

    private Answers() {}

    /** Tools without parameters that the model may call, in parallel. */
    static ToolRequest tools(String... names) {
        return request(new ToolChoice.Auto(), true, names);
    }

    static ToolRequest request(ToolChoice choice, boolean parallel, String... names) {
        List<FunctionTool> tools = new ArrayList<>();
        for (String name : names) {
            tools.add(new FunctionTool(name, Optional.empty(), Optional.empty(), false, "tools[" + tools.size() + "].function"));
        }
        return new ToolRequest(tools, choice, parallel, false);
    }

    static Thinking thinks() {
        return new Thinking.Possible(ReasoningMarkers.THINK_TAGS);
    }

    static AnswerParser parser(ToolFormat format, Thinking thinking, ToolRequest tools) {
        return new AnswerParser(format, thinking, tools, IDS);
    }

    /** Deltas of the text that comes in these pieces. */
    static List<AnswerDelta> deltas(AnswerParser parser, List<String> pieces) {
        List<AnswerDelta> deltas = new ArrayList<>();
        pieces.forEach(piece -> deltas.addAll(parser.append(piece)));
        deltas.addAll(parser.end());
        return deltas;
    }

    static List<String> split(String text, Random random, int longest) {
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(longest));
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    /** What a reader sees of a text: {@code (thoughts) content f{arguments}}, in the order in which it was written. */
    static String seen(List<AnswerDelta> deltas) {
        StringBuilder seen = new StringBuilder();
        Class<?> before = null;
        for (AnswerDelta delta : deltas) {
            switch (delta) {
                case AnswerDelta.Content more -> seen.append(more.text());
                case AnswerDelta.Reasoning more -> {
                    int at = seen.length() - 1;
                    if (before == AnswerDelta.Reasoning.class) {
                        seen.insert(at, more.text());
                    } else {
                        seen.append('(').append(more.text()).append(')');
                    }
                }
                case AnswerDelta.CallStart start -> seen.append(" #").append(start.index()).append(' ').append(start.name());
                case AnswerDelta.CallArguments more -> seen.append(more.fragment());
            }
            before = delta.getClass();
        }
        return seen.toString();
    }

    static ObjectNode message(List<AnswerDelta> deltas, ToolRequest tools) {
        AnswerMessage message = new AnswerMessage(tools);
        deltas.forEach(message::add);
        return message.json();
    }

    /** The message that the {@code delta} objects of a stream make, put together as clients do it. */
    static ObjectNode assembled(List<AnswerDelta> deltas, ToolRequest tools) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        deltas.forEach(delta -> StreamedMessage.add(message, AnswerMessage.delta(delta, tools)));
        return message;
    }
}
