package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.engine.TokenScore;
import dev.candor.inference.openai.tools.AnswerDelta;
import dev.candor.inference.openai.tools.AnswerMessage;
import dev.candor.inference.openai.tools.AnswerParser;
import dev.candor.inference.openai.tools.ToolRequest;
import java.util.ArrayList;
import java.util.List;

/** One answer to a chat as it grows. Calls come one after another. */
final class ChatChoice {
    private final AnswerParser parser;
    private final ToolRequest tools;
    private final AnswerMessage message;
    private final List<TokenScore> scores = new ArrayList<>();
    private int tokens;
    private int reasoningTokens;

    ChatChoice(AnswerParser parser, ToolRequest tools) {
        this.parser = parser;
        this.tools = tools;
        this.message = new AnswerMessage(tools);
    }

    /** Takes what came. @return what it adds to the message */
    List<AnswerDelta> take(Progress progress) {
        boolean thought = parser.reasoning();
        List<AnswerDelta> deltas = parser.append(progress.text());
        if (thought || parser.reasoning()) {
            reasoningTokens += progress.tokens() - tokens;
        }
        tokens = progress.tokens();
        scores.addAll(progress.scores());
        return keep(deltas);
    }

    /** Nothing more comes. @return what was held back */
    List<AnswerDelta> end() {
        return keep(parser.end());
    }

    private List<AnswerDelta> keep(List<AnswerDelta> deltas) {
        deltas.forEach(message::add);
        return deltas;
    }

    /** What a stream begins with; whether there is content is open where there are tools, and an unstreamed message of mere calls has none. */
    ObjectNode opening() {
        return JsonNodeFactory.instance.objectNode().put("role", "assistant").put("content", tools.callable().isEmpty() ? "" : null);
    }

    /** A piece of the message as a stream tells it. */
    ObjectNode view(AnswerDelta delta) {
        return AnswerMessage.delta(delta, tools);
    }

    /** The whole message. */
    ObjectNode message() {
        return message.json();
    }

    /** Of all tokens, or empty where none were asked for. */
    List<TokenScore> scores() {
        return scores;
    }

    /** @param engineReason why the engine ended it */
    String finishReason(String engineReason) {
        return message.finishReason(engineReason);
    }

    /** Tokens of which the model's thoughts consist. */
    int reasoningTokens() {
        return reasoningTokens;
    }
}
