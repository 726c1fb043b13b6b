package dev.candor.inference.openai.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The message of one choice, put together from its pieces; and each piece as a stream tells it. */
public final class AnswerMessage {
    private static final String STOP = "stop";

    private final boolean legacy;
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<Call> calls = new ArrayList<>();

    private record Call(String id, String name, StringBuilder arguments) {}

    public AnswerMessage(ToolRequest tools) {
        this.legacy = tools.legacy();
    }

    /** The message that {@code text} makes. */
    public static AnswerMessage of(String text, AnswerParser parser, ToolRequest tools) {
        AnswerMessage message = new AnswerMessage(tools);
        parser.append(text).forEach(message::add);
        parser.end().forEach(message::add);
        return message;
    }

    public void add(AnswerDelta delta) {
        switch (delta) {
            case AnswerDelta.Content more -> content.append(more.text());
            case AnswerDelta.Reasoning more -> reasoning.append(more.text());
            case AnswerDelta.CallStart start -> calls.add(new Call(start.id(), start.name(), new StringBuilder()));
            case AnswerDelta.CallArguments more -> calls.get(more.index()).arguments().append(more.fragment());
        }
    }

    /** What is said; empty where all was thought, or a call. */
    public String content() {
        return content.toString();
    }

    public boolean calledTools() {
        return !calls.isEmpty();
    }

    /**
     * {@code finish_reason} of the choice.
     *
     * @param engine why the engine stopped
     * @return {@code tool_calls} or {@code function_call} where the model stopped by itself after a call
     */
    public String finishReason(String engine) {
        return !engine.equals(STOP) || calls.isEmpty() ? engine : legacy ? "function_call" : "tool_calls";
    }

    /**
     * {@code {"role","content","refusal"}}, content null beside calls without text; {@code reasoning} and {@code reasoning_content}, which
     * are the same, where the model thought; {@code tool_calls}, or {@code function_call} where the request had {@code functions}.
     */
    public ObjectNode json() {
        ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", "assistant");
        message.put("content", content.isEmpty() && !calls.isEmpty() ? null : content.toString()).putNull("refusal");
        if (!reasoning.isEmpty()) {
            message.put("reasoning", reasoning.toString()).put("reasoning_content", reasoning.toString());
        }
        if (calls.isEmpty()) {
            return message;
        }
        if (legacy) {
            message.set("function_call", function(calls.getFirst().name(), calls.getFirst().arguments().toString()));
            return message;
        }
        ArrayNode list = message.putArray("tool_calls");
        for (Call call : calls) {
            ObjectNode item = list.addObject().put("id", call.id()).put("type", "function");
            item.set("function", function(call.name(), call.arguments().toString()));
        }
        return message;
    }

    /** {@code delta} of the chunk that tells a piece, without a role. */
    public static ObjectNode delta(AnswerDelta delta, ToolRequest tools) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        switch (delta) {
            case AnswerDelta.Content more -> json.put("content", more.text());
            case AnswerDelta.Reasoning more -> json.put("reasoning", more.text()).put("reasoning_content", more.text());
            case AnswerDelta.CallStart start when tools.legacy() -> json.set("function_call", function(start.name(), ""));
            case AnswerDelta.CallStart start -> call(json, start.index()).put("id", start.id()).put("type", "function")
                    .set("function", function(start.name(), ""));
            case AnswerDelta.CallArguments more when tools.legacy() -> json.putObject("function_call").put("arguments", more.fragment());
            case AnswerDelta.CallArguments more -> call(json, more.index()).putObject("function").put("arguments", more.fragment());
        }
        return json;
    }

    private static ObjectNode call(ObjectNode delta, int index) {
        return delta.putArray("tool_calls").addObject().put("index", index);
    }

    private static ObjectNode function(String name, String arguments) {
        return JsonNodeFactory.instance.objectNode().put("name", name).put("arguments", arguments);
    }
}
