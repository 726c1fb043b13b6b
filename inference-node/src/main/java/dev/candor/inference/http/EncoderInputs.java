package dev.candor.inference.http;

import dev.candor.inference.engine.encoder.EncoderInput;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.EncoderRequest;
import dev.candor.inference.openai.EncoderText;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.text.EncoderTokenizer;
import dev.candor.inference.text.TokenizedText;
import java.util.ArrayList;
import java.util.List;

/** Turns a request's texts into what the model reads, each within the model's length. */
final class EncoderInputs {
    private static final int MAX_CHARACTERS_PER_TOKEN = 64;

    private final EncoderModel model;
    private final EncoderRequest request;
    private final int limit;

    EncoderInputs(EncoderModel model, EncoderRequest request) {
        this.model = model;
        this.request = request;
        int most = model.config().maxTokens();
        int asked = request.truncate().orElse(EncoderRequest.TO_THE_LIMIT);
        this.limit = asked == EncoderRequest.TO_THE_LIMIT ? most : Math.min(asked, most);
    }

    /** @throws ApiException if one is too long and is not to be cut, or has a token that is none of the model's */
    List<TokenizedText> texts(List<EncoderText> inputs) throws ApiException {
        List<TokenizedText> texts = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            String name = inputs.size() == 1 ? "input" : "input[" + i + "]";
            texts.add(switch (inputs.get(i)) {
                case EncoderText.Plain plain -> fitted(name, model.tokenizer().encode(plausible(name, plain.text())));
                case EncoderText.Tokens tokens -> fitted(name, TokenizedText.ofTokens(known(name, tokens.ids())));
            });
        }
        return texts;
    }

    /** A query with each of the documents. */
    List<TokenizedText> pairs(String query, List<String> documents) throws ApiException {
        EncoderTokenizer tokenizer = model.tokenizer();
        List<TokenizedText> pairs = new ArrayList<>();
        String asked = plausible("query", query);
        for (int i = 0; i < documents.size(); i++) {
            String name = "documents[" + i + "]";
            pairs.add(fitted(name, tokenizer.encode(asked, plausible(name, documents.get(i)))));
        }
        return pairs;
    }

    static List<EncoderInput> sequences(List<TokenizedText> texts) {
        return texts.stream().map(text -> new EncoderInput(text.tokens(), text.types())).toList();
    }

    static int tokens(List<TokenizedText> texts) {
        return texts.stream().mapToInt(TokenizedText::length).sum();
    }

    /** Spares the tokenizer what can only be too long. */
    private String plausible(String name, String text) throws ApiException {
        int most = limit * MAX_CHARACTERS_PER_TOKEN;
        if (text.length() <= most) {
            return text;
        }
        if (request.truncate().isPresent()) {
            return text.substring(0, most);
        }
        throw tooLong(name, "more than that in " + text.length() + " characters");
    }

    private int[] known(String name, int[] ids) throws ApiException {
        for (int id : ids) {
            if (id >= model.config().vocabSize()) {
                throw new ApiException(ErrorCode.INVALID_VALUE, "'" + name + "' has the token id " + id + ", and the model's vocabulary ends at "
                        + (model.config().vocabSize() - 1) + ".", name);
            }
        }
        return ids;
    }

    private TokenizedText fitted(String name, TokenizedText text) throws ApiException {
        if (text.length() == 0) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "'" + name + "' has no tokens.", name);
        }
        if (request.truncate().isEmpty() && text.length() > limit) {
            throw tooLong(name, Integer.toString(text.length()));
        }
        try {
            return text.truncated(limit);
        } catch (IllegalArgumentException e) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE, "'truncate_prompt_tokens' leaves no room for the model's special tokens.", "truncate_prompt_tokens");
        }
    }

    private ApiException tooLong(String name, String tokens) {
        return new ApiException(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "This model's maximum context length is " + model.config().maxTokens()
                + " tokens, and '" + name + "' takes " + tokens + ": shorten it, or send 'truncate_prompt_tokens': -1 to have it cut.", name);
    }
}
