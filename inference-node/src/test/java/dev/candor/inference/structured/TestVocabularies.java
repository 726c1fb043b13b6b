package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.text.HfTokenizer;
import dev.candor.inference.text.TokenBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Vocabularies and constraints over them for tests. */
final class TestVocabularies {
    static final int END = 256;
    static final int SPECIAL = 257;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> PIECES = List.of("{\"", "\":", "\": ", "\":\"", ", \"", "\",\"", "\"}", "}}", "]}", "[{", "{}", "[]", "{ ", " }", "\n  ",
            "true", "false", "null", "name", "\"name\"", "12", "123", "0.", ".5", "e+", "hello", " world", "abc", "ab", "aa", "aaaa", "é", "日本", "\\n", "\\\"",
            "\\u00", "\\ud8", "-", "--", "2024", "2024-", "-02", ":00", "T", "Z", "@", ".com", "http", "://", "::", "ffff", "</", "think", "\",", "\"]", "\"},",
            "x\"", "\"a\":", "\"a\":1", ",\"b", "1,", "1}", "1]", "00", "a\",\"b\":");

    private TestVocabularies() {}

    /** All single bytes with their own numbers, an end token, a special one, and some longer tokens. */
    static TokenBytes toy() {
        List<byte[]> tokens = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            tokens.add(new byte[] {(byte) b});
        }
        tokens.add(new byte[0]);
        tokens.add(new byte[0]);
        PIECES.forEach(piece -> tokens.add(piece.getBytes(StandardCharsets.UTF_8)));
        return new TokenBytes(tokens.toArray(byte[][]::new), Map.of("<end>", END, "<call>", SPECIAL), false);
    }

    static AutomatonCompiler toyCompiler() {
        return new AutomatonCompiler(toy(), new int[] {END}, ConstraintLimits.defaults());
    }

    /** The demo model's vocabulary where that is in the cache, else the toy one. */
    static TokenBytes real() throws IOException {
        Path file = Models.cache().resolve("models/huggingfacetb/smollm2-135m-instruct/1-q8/tokenizer.json");
        if (!Files.exists(file)) {
            return toy();
        }
        try (HfTokenizer tokenizer = HfTokenizer.open(file, Models.natives())) {
            return tokenizer.tokenBytes().orElseThrow();
        }
    }

    /** A token without text. */
    static int end(TokenBytes vocabulary) {
        int id = 0;
        while (vocabulary.bytes(id).length > 0) {
            id++;
        }
        return id;
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    static Grammar schema(String text) {
        return new Grammar.JsonSchema(json(text));
    }

    static boolean isAllowed(long[] mask, int token) {
        return token / Long.SIZE < mask.length && (mask[token / Long.SIZE] >>> token & 1) == 1;
    }

    static int[] ids(long[] mask) {
        int[] ids = new int[Arrays.stream(mask).mapToInt(Long::bitCount).sum()];
        int size = 0;
        for (int word = 0; word < mask.length; word++) {
            for (long bits = mask[word]; bits != 0; bits &= bits - 1) {
                ids[size++] = word * Long.SIZE + Long.numberOfTrailingZeros(bits);
            }
        }
        return ids;
    }
}
