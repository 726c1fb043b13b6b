package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** An item with one text: a message, or what the model thought. */
final class OutputText implements OutputItem {
    /** What the two differ in. */
    enum Kind {
        MESSAGE("msg_", "response.output_text"),
        REASONING("rs_", "response.reasoning_text");

        private final String prefix;
        private final String event;

        Kind(String prefix, String event) {
            this.prefix = prefix;
            this.event = event;
        }

        /** Of its id. */
        String prefix() {
            return prefix;
        }
    }

    private final ResponseEvents events;
    private final Kind kind;
    private final int place;
    private final String id;
    private final StringBuilder text = new StringBuilder();
    private final ArrayNode logprobs = JsonNodeFactory.instance.arrayNode();

    /** Tells of its begin. @param place in the output */
    OutputText(ResponseEvents events, Kind kind, int place, String id) {
        this.events = events;
        this.kind = kind;
        this.place = place;
        this.id = id;
        ObjectNode added = events.begin("response.output_item.added").put("output_index", place);
        added.set("item", item("in_progress"));
        events.send(added);
        ObjectNode part = at("response.content_part.added");
        part.set("part", part());
        events.send(part);
    }

    Kind kind() {
        return kind;
    }

    /** @param scores of the tokens that made it, as the API writes them */
    void append(String more, List<? extends JsonNode> scores) {
        text.append(more);
        logprobs.addAll(scores);
        ObjectNode delta = at(kind.event + ".delta").put("delta", more);
        if (kind == Kind.MESSAGE) {
            delta.putArray("logprobs").addAll(scores);
        }
        events.send(delta);
    }

    @Override
    public ObjectNode close(String status) {
        ObjectNode done = at(kind.event + ".done").put("text", text.toString());
        if (kind == Kind.MESSAGE) {
            done.set("logprobs", logprobs);
        }
        events.send(done);
        ObjectNode part = at("response.content_part.done");
        part.set("part", part());
        events.send(part);
        ObjectNode last = events.begin("response.output_item.done").put("output_index", place);
        ObjectNode item = item(status);
        item.withArrayProperty("content").add(part());
        last.set("item", item);
        events.send(last);
        return item;
    }

    private ObjectNode at(String type) {
        return events.begin(type).put("item_id", id).put("output_index", place).put("content_index", 0);
    }

    private ObjectNode item(String status) {
        ObjectNode item = JsonNodeFactory.instance.objectNode().put("id", id);
        if (kind == Kind.REASONING) {
            item.put("type", "reasoning").put("status", status);
            item.putArray("summary");
        } else {
            item.put("type", "message").put("status", status).put("role", "assistant");
        }
        item.putArray("content");
        return item;
    }

    private ObjectNode part() {
        if (kind == Kind.REASONING) {
            return JsonNodeFactory.instance.objectNode().put("type", "reasoning_text").put("text", text.toString());
        }
        ObjectNode part = JsonNodeFactory.instance.objectNode().put("type", "output_text").put("text", text.toString());
        part.putArray("annotations");
        part.set("logprobs", logprobs.deepCopy());
        return part;
    }
}
