package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.candor.inference.openai.tools.AnswerDelta;
import java.util.ArrayList;
import java.util.List;

/** Makes the items of a response of the pieces of an answer, and tells their events meanwhile. Not thread-safe. */
public final class ResponseOutput {
    private static final String COMPLETED = "completed";

    private final ItemIds ids;
    private final ResponseEvents events;
    private final ArrayNode done = JsonNodeFactory.instance.arrayNode();
    private final List<JsonNode> waiting = new ArrayList<>();
    private OutputItem open;
    private boolean called;

    /** Whether the model ended its answer itself. @param finishReason in the word of the receipt */
    public static boolean complete(String finishReason) {
        return finishReason.equals("stop") || finishReason.equals("tool_calls");
    }

    public ResponseOutput(ItemIds ids, ResponseEvents events) {
        this.ids = ids;
        this.events = events;
    }

    /**
     * Takes what has come of the answer.
     *
     * @param pieces in their order
     * @param scores of the tokens since the last call, as the API writes log probabilities; those of tokens that are part of no message are dropped
     */
    public void add(List<AnswerDelta> pieces, List<? extends JsonNode> scores) {
        if (speaks(pieces) || !(open instanceof OutputCall)) {
            waiting.addAll(scores);
        }
        for (AnswerDelta piece : pieces) {
            switch (piece) {
                case AnswerDelta.Content content -> text(OutputText.Kind.MESSAGE, content.text());
                case AnswerDelta.Reasoning reasoning -> text(OutputText.Kind.REASONING, reasoning.text());
                case AnswerDelta.CallStart start -> {
                    close();
                    called = true;
                    waiting.clear();
                    open = new OutputCall(events, done.size(), ids.output("fc_", done.size()), start.id(), start.name());
                }
                case AnswerDelta.CallArguments more -> {
                    waiting.clear();
                    ((OutputCall) open).append(more.fragment());
                }
            }
        }
    }

    /** Whether some of it belongs to a message. */
    static boolean speaks(List<AnswerDelta> pieces) {
        return pieces.stream().anyMatch(AnswerDelta.Content.class::isInstance);
    }

    private void text(OutputText.Kind kind, String text) {
        if (text.isEmpty()) {
            return;
        }
        if (!(open instanceof OutputText same && same.kind() == kind)) {
            close();
            open = new OutputText(events, kind, done.size(), ids.output(kind.prefix(), done.size()));
        }
        ((OutputText) open).append(text, kind == OutputText.Kind.MESSAGE ? List.copyOf(waiting) : List.of());
        waiting.clear();
    }

    private void close() {
        if (open != null) {
            done.add(open.close(COMPLETED));
            open = null;
        }
    }

    /**
     * Ends the last item. An answer without any piece is an empty message.
     *
     * @param complete whether the model ended it itself
     * @return all items
     */
    public ArrayNode end(boolean complete) {
        if (open == null && done.isEmpty()) {
            open = new OutputText(events, OutputText.Kind.MESSAGE, 0, ids.output(OutputText.Kind.MESSAGE.prefix(), 0));
        }
        if (open != null) {
            done.add(open.close(complete ? COMPLETED : "incomplete"));
            open = null;
        }
        return done;
    }

    /** Whether a function was called so far. */
    public boolean called() {
        return called;
    }
}
