package dev.candor.inference.openai.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Makes several messages of one for templates that would leave out, or refuse, a part of it. */
final class CallSplitter {
    private static final String CALLS = "tool_calls";

    private CallSplitter() {}

    /** What an assistant says beside its calls becomes a message of its own. */
    static List<ObjectNode> apart(List<ObjectNode> messages) {
        List<ObjectNode> split = new ArrayList<>();
        for (ObjectNode message : messages) {
            if (message.has(CALLS) && !message.path("content").asText().isEmpty()) {
                ObjectNode said = message.deepCopy();
                said.remove(CALLS);
                split.add(said);
                message.put("content", "").remove("reasoning_content");
            }
            split.add(message);
        }
        return split;
    }

    /** An assistant's several calls become as many messages, each followed by its result. */
    static List<ObjectNode> single(List<ObjectNode> messages) {
        List<ObjectNode> split = new ArrayList<>();
        List<ObjectNode> rest = new ArrayList<>(messages);
        while (!rest.isEmpty()) {
            ObjectNode message = rest.removeFirst();
            if (message.path(CALLS).size() < 2) {
                split.add(message);
                continue;
            }
            for (int i = 0; i < message.path(CALLS).size(); i++) {
                ObjectNode one = message.deepCopy();
                ObjectNode call = (ObjectNode) message.path(CALLS).get(i);
                one.putArray(CALLS).add(call);
                if (i > 0) {
                    one.put("content", "").remove("reasoning_content");
                }
                split.add(one);
                takeResult(rest, call.path("id").asText(), split);
            }
        }
        return split;
    }

    /** The result stands among the tool messages that follow at once. */
    private static void takeResult(List<ObjectNode> rest, String id, List<ObjectNode> split) {
        for (int i = 0; i < rest.size() && rest.get(i).path("role").asText().equals("tool"); i++) {
            if (rest.get(i).path("tool_call_id").asText().equals(id)) {
                split.add(rest.remove(i));
                return;
            }
        }
    }
}
