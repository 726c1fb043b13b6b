package dev.candor.inference.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The bytes that each token adds to a text. A text's bytes are those of its tokens one after the other, so that what is decided byte by
 * byte can be decided token by token. Special tokens add nothing.
 */
public final class TokenBytes {
    private static final byte[] NOTHING = {};
    private static final char METASPACE = '\u2581';
    private static final int BYTE_TOKEN_LENGTH = 6;
    private static final int HEX = 16;

    private final byte[][] tokens;
    private final Map<String, Integer> added;
    private final boolean firstSpaceVanishes;

    /**
     * @param tokens             by token id; null or empty for those without text
     * @param added              ids of added tokens (special or not) by how they are written
     * @param firstSpaceVanishes whether decoding leaves out a space with which the text begins
     */
    public TokenBytes(byte[][] tokens, Map<String, Integer> added, boolean firstSpaceVanishes) {
        this.tokens = tokens.clone();
        this.added = Map.copyOf(added);
        this.firstSpaceVanishes = firstSpaceVanishes;
    }

    /**
     * Reads a {@code tokenizer.json} with a byte-level decoder (GPT-2 and later) or one of SentencePiece's.
     *
     * @return empty if its tokens do not each stand for bytes of their own
     * @throws IOException if an id is out of range, or there is no vocabulary
     */
    static Optional<TokenBytes> read(JsonNode root) throws IOException {
        Optional<ByteLevelVocabulary> byteLevel = ByteLevelVocabulary.read(root);
        if (byteLevel.isPresent()) {
            byte[][] tokens = new byte[byteLevel.get().size()][];
            for (int id = 0; id < tokens.length; id++) {
                tokens[id] = byteLevel.get().bytes(id);
            }
            return Optional.of(new TokenBytes(tokens, added(root), false));
        }
        Decoders decoders = new Decoders();
        decoders.note(root.path("decoder"));
        return decoders.sentencePiece ? Optional.of(sentencePiece(root, decoders)) : Optional.empty();
    }

    private static Map<String, Integer> added(JsonNode root) {
        Map<String, Integer> added = new HashMap<>();
        for (JsonNode token : root.path("added_tokens")) {
            added.put(token.path("content").asText(), token.path("id").intValue());
        }
        return added;
    }

    private static TokenBytes sentencePiece(JsonNode root, Decoders decoders) throws IOException {
        Map<String, Integer> ids = new HashMap<>();
        JsonNode vocabulary = root.path("model").path("vocab");
        if (vocabulary.isObject()) {
            for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
                ids.put(entry.getKey(), ByteLevelVocabulary.checkedId(entry.getValue()));
            }
        } else {
            for (int id = 0; id < vocabulary.size(); id++) {
                ids.put(vocabulary.get(id).path(0).asText(), id);
            }
        }
        int largest = -1;
        for (JsonNode token : root.path("added_tokens")) {
            largest = Math.max(largest, ByteLevelVocabulary.checkedId(token.path("id")));
        }
        for (int id : ids.values()) {
            largest = Math.max(largest, id);
        }
        byte[][] tokens = new byte[largest + 1][];
        ids.forEach((text, id) -> tokens[id] = piece(text, decoders.byteFallback));
        for (JsonNode token : root.path("added_tokens")) {
            String content = token.path("content").asText();
            tokens[token.path("id").intValue()] = token.path("special").asBoolean() ? NOTHING : piece(content, decoders.byteFallback);
        }
        return new TokenBytes(tokens, added(root), decoders.stripsStart);
    }

    private static byte[] piece(String text, boolean byteFallback) {
        if (byteFallback && text.length() == BYTE_TOKEN_LENGTH && text.startsWith("<0x") && text.endsWith(">")) {
            int high = Character.digit(text.charAt(3), HEX);
            int low = Character.digit(text.charAt(4), HEX);
            if (high >= 0 && low >= 0) {
                return new byte[] {(byte) (high * HEX + low)};
            }
        }
        return text.replace(METASPACE, ' ').getBytes(StandardCharsets.UTF_8);
    }

    /** How many ids there are, from 0 on. */
    public int size() {
        return tokens.length;
    }

    /** The token's bytes, not to be changed; none for special and unknown tokens. */
    public byte[] bytes(int token) {
        byte[] bytes = token >= 0 && token < tokens.length ? tokens[token] : null;
        return bytes == null ? NOTHING : bytes;
    }

    /** The id of an added token, special or not. */
    public OptionalInt added(String token) {
        Integer id = added.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Whether decoding leaves out a space with which the text begins, as SentencePiece does. */
    public boolean firstSpaceVanishes() {
        return firstSpaceVanishes;
    }

    /** What the steps of a decoder say of the tokens. */
    private static final class Decoders {
        private boolean sentencePiece;
        private boolean byteFallback;
        private boolean stripsStart;

        void note(JsonNode decoder) {
            switch (decoder.path("type").asText()) {
                case "Sequence" -> decoder.path("decoders").forEach(this::note);
                case "ByteFallback" -> {
                    sentencePiece = true;
                    byteFallback = true;
                }
                case "Metaspace" -> {
                    sentencePiece = true;
                    stripsStart |= !decoder.path("prepend_scheme").asText("always").equals("never");
                }
                case "Strip" -> stripsStart |= decoder.path("start").asInt() > 0;
                default -> sentencePiece |= decoder.path("pattern").path("String").asText().indexOf(METASPACE) >= 0;
            }
        }
    }
}
