package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.engine.TokenScore;
import dev.candor.inference.text.IncrementalDecoder;
import dev.candor.inference.text.Tokenizer;
import java.util.List;

/**
 * The log probabilities of one choice in the format of OpenAI's completions: {@code tokens}, {@code token_logprobs}, {@code top_logprobs} (the
 * token itself beside the likeliest) and {@code text_offset}, where each token's text begins in the choice's, in Unicode code points. The first
 * token of a prompt has {@code null} for its probabilities. Not thread-safe.
 */
public final class CompletionLogprobs {
    private final TokenWords words;
    private final Tokenizer tokenizer;
    private IncrementalDecoder decoder;
    private int offset;

    public CompletionLogprobs(Tokenizer tokenizer) {
        this.words = new TokenWords(tokenizer);
        this.tokenizer = tokenizer;
        this.decoder = tokenizer.newDecoder();
    }

    /**
     * Of a prompt that the choice begins with.
     *
     * @param first  its first token
     * @param scores of the others
     */
    public ObjectNode prompt(int first, List<TokenScore> scores) {
        ObjectNode part = empty();
        place(part, first);
        array(part, "token_logprobs").addNull();
        array(part, "top_logprobs").addNull();
        scores.forEach(score -> add(part, score));
        return part;
    }

    /** What is generated comes now. @param text that the choice has before it */
    public void begin(String text) {
        offset = text.codePointCount(0, text.length());
        decoder = tokenizer.newDecoder();
    }

    /** Of the next tokens. */
    public ObjectNode next(List<TokenScore> scores) {
        ObjectNode part = empty();
        scores.forEach(score -> add(part, score));
        return part;
    }

    /** Appends the lists of one part to those of another. */
    public static void append(ObjectNode to, ObjectNode part) {
        part.properties().forEach(list -> array(to, list.getKey()).addAll((ArrayNode) list.getValue()));
    }

    /** Without tokens. */
    public static ObjectNode empty() {
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        part.putArray("tokens");
        part.putArray("token_logprobs");
        part.putArray("top_logprobs");
        part.putArray("text_offset");
        return part;
    }

    private void add(ObjectNode part, TokenScore score) {
        place(part, score.token());
        array(part, "token_logprobs").add(score.logprob());
        ObjectNode top = array(part, "top_logprobs").addObject();
        score.top().forEach(candidate -> top.put(words.of(candidate.token()), candidate.logprob()));
        top.put(words.of(score.token()), score.logprob());
    }

    private void place(ObjectNode part, int token) {
        array(part, "tokens").add(words.of(token));
        array(part, "text_offset").add(offset);
        String text = decoder.append(token);
        offset += text.codePointCount(0, text.length());
    }

    private static ArrayNode array(ObjectNode part, String name) {
        return (ArrayNode) part.get(name);
    }
}
