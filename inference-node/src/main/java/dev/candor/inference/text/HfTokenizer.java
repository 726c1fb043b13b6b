package dev.candor.inference.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** A Hugging Face {@code tokenizer.json}, run by Hugging Face's own library. */
public final class HfTokenizer implements Tokenizer {
    private static final char REPLACEMENT = '\uFFFD';
    private static final byte[] NOTHING = {};

    private final NativeTokenizer tokenizer;
    private final Optional<ByteLevelVocabulary> byteLevel;
    private final Optional<TokenBytes> tokenBytes;
    private final Map<Integer, String> markers;

    private HfTokenizer(
            NativeTokenizer tokenizer, Optional<ByteLevelVocabulary> byteLevel, Optional<TokenBytes> tokenBytes, Map<Integer, String> markers) {
        this.tokenizer = tokenizer;
        this.markers = markers;
        this.byteLevel = byteLevel;
        this.tokenBytes = tokenBytes;
    }

    /**
     * Loads a tokenizer without touching the network.
     *
     * @param file         a {@code tokenizer.json}
     * @param nativeFolder where the library's native part is kept unpacked
     * @throws IOException if the file cannot be read, or is no tokenizer
     */
    public static HfTokenizer open(Path file, Path nativeFolder) throws IOException {
        byte[] json = Files.readAllBytes(file);
        JsonNode root = parsed(file, json);
        Optional<ByteLevelVocabulary> byteLevel = ByteLevelVocabulary.read(root);
        Optional<TokenBytes> tokenBytes = TokenBytes.read(root);
        return new HfTokenizer(load(file, nativeFolder, false), byteLevel, tokenBytes, FormatMarkers.in(json));
    }

    private static JsonNode parsed(Path file, byte[] json) throws IOException {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            String place = Optional.ofNullable(e.getLocation()).map(at -> " at line " + at.getLineNr() + ", column " + at.getColumnNr()).orElse("");
            throw new IOException(file + " is not a tokenizer: its JSON breaks off or is damaged" + place, e);
        }
    }

    static NativeTokenizer load(Path file, Path nativeFolder, boolean addSpecialTokens) throws IOException {
        keepOffline(nativeFolder);
        try {
            return new NativeTokenizer(HuggingFaceTokenizer.newInstance(
                    file, Map.of("truncation", "false", "padding", "false", "addSpecialTokens", Boolean.toString(addSpecialTokens))));
        } catch (RuntimeException e) {
            throw new IOException(file + " is not a tokenizer: " + e.getMessage(), e);
        }
    }

    // Left to itself the library asks the cloud's metadata service who runs it and reports that, and on machines with a
    // GPU it downloads a native library; it reads these switches once, when it is first used.
    private static void keepOffline(Path nativeFolder) {
        setDefault("ai.djl.offline", "true");
        setDefault("OPT_OUT_TRACKING", "true");
        setDefault("RUST_FLAVOR", "cpu");
        setDefault("ENGINE_CACHE_DIR", nativeFolder.toAbsolutePath().toString());
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    @Override
    public int[] encode(String text) {
        if (text.isEmpty()) {
            return new int[0];
        }
        return encode(text, false);
    }

    @Override
    public int[] encodeBare(String text) {
        return encode(text, true);
    }

    private int[] encode(String text, boolean addSpecialTokens) {
        long[] ids = tokenizer.use(library -> library.encode(wellFormed(text), addSpecialTokens, false)).getIds();
        int[] tokens = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            tokens[i] = Math.toIntExact(ids[i]);
        }
        return tokens;
    }

    // Half a surrogate pair has no UTF-8, in which the native library takes its text.
    static String wellFormed(String text) {
        char[] fixed = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            fixed = fixed == null ? text.toCharArray() : fixed;
            fixed[i] = REPLACEMENT;
        }
        return fixed == null ? text : new String(fixed);
    }

    @Override
    public String decode(int[] tokens) {
        return tokens.length == 0 ? "" : tokenizer.use(library -> library.decode(Arrays.stream(tokens).asLongStream().toArray(), true));
    }

    @Override
    public String decodeWhole(int[] tokens) {
        return tokens.length == 0 ? "" : tokenizer.use(library -> library.decode(Arrays.stream(tokens).asLongStream().toArray(), false));
    }

    /** The text of one token, special or not. */
    public String token(int id) {
        return tokenizer.use(library -> library.decode(new long[] {id}, false));
    }

    @Override
    public String text(int token) {
        return token(token);
    }

    @Override
    public byte[] bytes(int token) {
        byte[] bytes = tokenBytes.map(all -> all.bytes(token)).orElse(NOTHING);
        return bytes.length > 0 ? bytes.clone() : token(token).getBytes(StandardCharsets.UTF_8);
    }

    /** What bytes each token stands for; empty if its tokens do not each stand for bytes of their own, as a WordPiece's. */
    public Optional<TokenBytes> tokenBytes() {
        return tokenBytes;
    }

    @Override
    public IncrementalDecoder newDecoder() {
        return markers.isEmpty() ? plainDecoder() : new MarkedDecoder(markers, this::plainDecoder);
    }

    private IncrementalDecoder plainDecoder() {
        return byteLevel.<IncrementalDecoder>map(ByteLevelDecoder::new).orElseGet(() -> new WindowDecoder(this::decode));
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
