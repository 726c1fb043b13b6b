package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.openai.tools.AnswerDelta;
import dev.candor.inference.openai.tools.AnswerParser;
import java.util.List;

/** A response while the model writes it. Not thread-safe. */
public final class ResponseDraft {
    private final ResponseBody body;
    private final AnswerParser parser;
    private final ResponseEvents events;
    private final ResponseOutput output;
    private int tokens;
    private int reasoningTokens;
    private boolean ended;

    public ResponseDraft(ResponseBody body, AnswerParser parser, ResponseEvents events) {
        this.body = body;
        this.parser = parser;
        this.events = events;
        this.output = new ResponseOutput(new ItemIds(body.id()), events);
    }

    /** Tells that the response is at work. */
    public void begin() {
        events.response("response.created", body.running());
        events.response("response.in_progress", body.running());
    }

    /** Takes what has come. @param scores of the tokens that have come, as the API writes log probabilities */
    public void progress(Progress progress, List<? extends JsonNode> scores) {
        boolean thinking = parser.reasoning();
        List<AnswerDelta> pieces = parser.append(progress.text());
        output.add(pieces, thinking && !ResponseOutput.speaks(pieces) ? List.of() : scores);
        if (thinking || parser.reasoning()) {
            reasoningTokens += progress.tokens() - tokens;
        }
        tokens = progress.tokens();
    }

    /** The text is over. @param engine why the engine stopped @return why the answer ended, as the receipt says it */
    public String finishReason(String engine) {
        if (!ended) {
            ended = true;
            output.add(parser.end(), List.of());
        }
        return engine.equals("stop") && output.called() ? "tool_calls" : engine;
    }

    /**
     * Ends the last item.
     *
     * @param finished seconds since 1970
     * @return the response, of which the last event is not told yet: {@link #tell}
     */
    public ObjectNode finish(UsageBinding usage, long finished) {
        ArrayNode items = output.end(ResponseOutput.complete(usage.finishReasons().getFirst()));
        return body.finished(items, usage, Math.min(reasoningTokens, usage.completionTokens()), finished);
    }

    /** Tells of the end. */
    public void tell(ObjectNode finished) {
        events.response("response." + finished.path("status").textValue(), finished);
    }

    /** Tells of a failure, after which nothing follows. @param error {@code {"message","type","param","code"}} */
    public void fail(ObjectNode error) {
        events.response("response.failed", body.failed(error.path("code").asText(), error.path("message").asText()));
        events.error(error);
    }
}
