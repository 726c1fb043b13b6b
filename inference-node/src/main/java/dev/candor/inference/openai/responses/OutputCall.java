package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A call of a function. */
final class OutputCall implements OutputItem {
    private final ResponseEvents events;
    private final int place;
    private final String id;
    private final String callId;
    private final String name;
    private final StringBuilder arguments = new StringBuilder();

    /** Tells of its begin. @param place in the output */
    OutputCall(ResponseEvents events, int place, String id, String callId, String name) {
        this.events = events;
        this.place = place;
        this.id = id;
        this.callId = callId;
        this.name = name;
        ObjectNode added = events.begin("response.output_item.added").put("output_index", place);
        added.set("item", item("in_progress"));
        events.send(added);
    }

    void append(String fragment) {
        arguments.append(fragment);
        events.send(events.begin("response.function_call_arguments.delta")
                .put("item_id", id).put("output_index", place).put("delta", fragment));
    }

    @Override
    public ObjectNode close(String status) {
        events.send(events.begin("response.function_call_arguments.done")
                .put("item_id", id).put("output_index", place).put("name", name).put("arguments", arguments.toString()));
        ObjectNode done = events.begin("response.output_item.done").put("output_index", place);
        ObjectNode item = item(status);
        done.set("item", item);
        events.send(done);
        return item;
    }

    private ObjectNode item(String status) {
        return JsonNodeFactory.instance.objectNode()
                .put("id", id)
                .put("type", "function_call")
                .put("status", status)
                .put("call_id", callId)
                .put("name", name)
                .put("arguments", arguments.toString());
    }
}
