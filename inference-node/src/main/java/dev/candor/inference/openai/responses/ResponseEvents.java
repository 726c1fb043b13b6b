package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Numbers the events of one response and hands them on. Not thread-safe. */
public final class ResponseEvents {
    private final Sink sink;
    private int next;

    /** Takes events in their order. */
    public interface Sink {
        /** @param type as in the event's member {@code type} */
        void event(String type, ObjectNode event);
    }

    public ResponseEvents(Sink sink) {
        this.sink = sink;
    }

    /** Of a response that nobody follows. */
    public static ResponseEvents none() {
        return new ResponseEvents((type, event) -> {});
    }

    /** Sends one of the events that hold the whole response. */
    public void response(String type, ObjectNode response) {
        ObjectNode event = begin(type);
        event.set("response", response);
        send(event);
    }

    /** The last event never left: the next one gets its number. */
    public void takeBack() {
        next--;
    }

    /** {@code {"type","sequence_number"}}, to be filled and sent before the next one is begun. */
    ObjectNode begin(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("sequence_number", next++);
    }

    void send(ObjectNode event) {
        sink.event(event.path("type").textValue(), event);
    }

    /**
     * Sends the event {@code error}: its members as the API has them, and once more as {@code error}, by which clients of chat streams know it.
     *
     * @param error {@code {"message","type","param","code"}}
     */
    public void error(ObjectNode error) {
        ObjectNode event = begin("error");
        event.set("code", error.get("code"));
        event.set("message", error.get("message"));
        event.set("param", error.get("param"));
        event.set("error", error);
        send(event);
    }
}
