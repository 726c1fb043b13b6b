package dev.candor.inference.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * What bytes each token of a byte-level BPE stands for. Such a vocabulary writes every byte as one printable character (GPT-2's
 * alphabet), so that a token may be part of a character of the text.
 */
final class ByteLevelVocabulary {
    private static final byte[] NOTHING = {};
    /** Far above any vocabulary; keeps a wrong id in a file from asking for gigabytes. */
    private static final int MAX_TOKENS = 4_000_000;

    private static final ByteAlphabet ALPHABET = new ByteAlphabet();

    private final byte[][] tokens;

    private ByteLevelVocabulary(byte[][] tokens) {
        this.tokens = tokens;
    }

    /**
     * Reads a {@code tokenizer.json}.
     *
     * @return empty if its decoder is not the byte-level one
     * @throws IOException if it is not a tokenizer in JSON
     */
    static Optional<ByteLevelVocabulary> parse(byte[] json) throws IOException {
        JsonNode root = new ObjectMapper().readTree(json);
        return root == null ? Optional.empty() : read(root);
    }

    static Optional<ByteLevelVocabulary> read(JsonNode root) throws IOException {
        if (!root.path("decoder").path("type").asText().equals("ByteLevel")) {
            return Optional.empty();
        }
        JsonNode vocabulary = root.path("model").path("vocab");
        if (!vocabulary.isObject()) {
            throw new IOException("the tokenizer has no model.vocab object");
        }
        byte[][] tokens = new byte[size(vocabulary, root.path("added_tokens"))][];
        for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
            tokens[entry.getValue().intValue()] = ALPHABET.bytes(entry.getKey());
        }
        for (JsonNode added : root.path("added_tokens")) {
            boolean special = added.path("special").asBoolean();
            tokens[added.path("id").intValue()] = special ? NOTHING : ALPHABET.bytes(added.path("content").asText());
        }
        return Optional.of(new ByteLevelVocabulary(tokens));
    }

    static int size(JsonNode vocabulary, JsonNode added) throws IOException {
        int largest = -1;
        for (JsonNode id : vocabulary) {
            largest = Math.max(largest, checkedId(id));
        }
        for (JsonNode token : added) {
            largest = Math.max(largest, checkedId(token.path("id")));
        }
        return largest + 1;
    }

    static int checkedId(JsonNode id) throws IOException {
        if (!id.isInt() || id.intValue() < 0 || id.intValue() >= MAX_TOKENS) {
            throw new IOException("a token's id is not a number from 0 to " + MAX_TOKENS);
        }
        return id.intValue();
    }

    int size() {
        return tokens.length;
    }

    /** The token's bytes; none for special and unknown tokens. */
    byte[] bytes(int token) {
        byte[] bytes = token >= 0 && token < tokens.length ? tokens[token] : null;
        return bytes == null ? NOTHING : bytes;
    }
}
