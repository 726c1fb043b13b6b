package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.engine.TokenScore;
import dev.candor.inference.text.Tokenizer;
import java.util.List;

/**
 * Shows log probabilities as chat completions do.
 *
 * @param tokenizer the model's
 */
public record LogprobView(Tokenizer tokenizer) {
    /** {@code {"content": […], "refusal": null}}. */
    public ObjectNode choice(List<TokenScore> scores) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.set("content", content(scores));
        view.putNull("refusal");
        return view;
    }

    /** One object a token: {@code token}, {@code logprob}, {@code bytes} and {@code top_logprobs}, an array of such objects. */
    public ArrayNode content(List<TokenScore> scores) {
        ArrayNode content = JsonNodeFactory.instance.arrayNode();
        for (TokenScore score : scores) {
            ObjectNode one = token(score.token(), score.logprob());
            ArrayNode top = one.putArray("top_logprobs");
            score.top().forEach(candidate -> top.add(token(candidate.token(), candidate.logprob())));
            content.add(one);
        }
        return content;
    }

    private ObjectNode token(int token, double logprob) {
        ObjectNode one = JsonNodeFactory.instance.objectNode();
        one.put("token", tokenizer.text(token)).put("logprob", logprob);
        ArrayNode bytes = one.putArray("bytes");
        for (byte each : tokenizer.bytes(token)) {
            bytes.add(each & 0xFF);
        }
        return one;
    }
}
