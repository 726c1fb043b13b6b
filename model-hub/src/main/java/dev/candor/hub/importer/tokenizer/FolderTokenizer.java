package dev.candor.hub.importer.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.importer.source.JsonFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The tokenizer of a Hugging Face folder: {@code tokenizer.json} as it is, else one made of SentencePiece's {@code tokenizer.model}; with the tokens that
 * begin and end texts by {@code tokenizer_config.json}, {@code generation_config.json} and {@code config.json}, and the chat template.
 */
public final class FolderTokenizer {
    private static final int MAX_TOKENIZER = 128 << 20;
    private static final int MAX_CONFIG = 16 << 20;
    private static final int MAX_TEMPLATE = 1 << 20;

    private final Path folder;
    private final JsonNode tokenizerConfig;
    private final JsonNode generationConfig;
    private final JsonNode modelConfig;

    /**
     * @param modelConfig the folder's config.json
     * @throws IOException if a file of the folder cannot be read
     */
    public FolderTokenizer(Path folder, JsonNode modelConfig) throws IOException {
        this.folder = folder;
        this.modelConfig = modelConfig;
        this.tokenizerConfig = config("tokenizer_config.json");
        this.generationConfig = config("generation_config.json");
    }

    /**
     * The files.
     *
     * @param vocabulary rows of the model's embedding
     * @throws IOException if there is no tokenizer, it is of a kind that cannot be imported, or it does not fit the model
     */
    public TokenizerFiles files(int vocabulary) throws IOException {
        byte[] json = Files.exists(folder.resolve("tokenizer.json")) ? bytes("tokenizer.json", MAX_TOKENIZER) : fromPieces();
        TokenizerIndex index = TokenizerIndex.read(json);
        if (index.largest() >= vocabulary) {
            throw new ImportException("the tokenizer has token " + index.largest() + ", the model's vocabulary only " + vocabulary
                    + ": the two do not belong together");
        }
        return new TokenizerFiles(json, template(), bos(index), eos(index));
    }

    private byte[] fromPieces() throws IOException {
        if (!Files.exists(folder.resolve("tokenizer.model"))) {
            throw new ImportException("the folder " + folder.getFileName() + " has neither tokenizer.json nor tokenizer.model");
        }
        Pieces pieces = SentencePieceModel.read(bytes("tokenizer.model", MAX_TOKENIZER));
        Map<Integer, AddedToken> more = addedTokens();
        OptionalInt bos = OptionalInt.empty();
        Optional<String> text = tokenText("bos_token");
        if (text.isPresent() && tokenizerConfig.path("add_bos_token").asBoolean(true)) {
            bos = id(text.get(), pieces, more);
        }
        return new PieceTokenizer(pieces, more, bos).toBytes();
    }

    private static OptionalInt id(String text, Pieces pieces, Map<Integer, AddedToken> more) {
        for (AddedToken token : more.values()) {
            if (token.content().equals(text)) {
                return OptionalInt.of(token.id());
            }
        }
        for (int id = 0; id < pieces.pieces().size(); id++) {
            if (pieces.pieces().get(id).text().equals(text)) {
                return OptionalInt.of(id);
            }
        }
        return OptionalInt.empty();
    }

    /** Tokens that slow tokenizers of transformers keep beside the SentencePiece model. */
    private Map<Integer, AddedToken> addedTokens() throws IOException {
        Map<Integer, AddedToken> more = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : config("added_tokens.json").properties()) {
            int id = entry.getValue().asInt(-1);
            more.put(requireId(id), new AddedToken(id, entry.getKey(), false));
        }
        for (Map.Entry<String, JsonNode> entry : tokenizerConfig.path("added_tokens_decoder").properties()) {
            int id = requireId(entry.getKey().matches("[0-9]{1,7}") ? Integer.parseInt(entry.getKey()) : -1);
            more.put(id, new AddedToken(id, entry.getValue().path("content").asText(), entry.getValue().path("special").asBoolean(false)));
        }
        more.values().removeIf(token -> token.content().isEmpty());
        return more;
    }

    private static int requireId(int id) throws ImportException {
        if (id < 0 || id > 1 << 20) {
            throw new ImportException("the tokenizer's configuration adds a token with an id that is none");
        }
        return id;
    }

    private int bos(TokenizerIndex index) throws ImportException {
        if (!tokenizerConfig.isEmpty()) {
            Optional<String> text = tokenText("bos_token");
            return text.isPresent() ? requireToken(text.get(), index) : -1;
        }
        return generationConfig.path("bos_token_id").asInt(modelConfig.path("bos_token_id").asInt(-1));
    }

    private List<Integer> eos(TokenizerIndex index) throws ImportException {
        Set<Integer> eos = new LinkedHashSet<>();
        Optional<String> text = tokenText("eos_token");
        if (text.isPresent()) {
            eos.add(requireToken(text.get(), index));
        }
        addIds(generationConfig.hasNonNull("eos_token_id") ? generationConfig : modelConfig, eos);
        if (eos.isEmpty()) {
            throw new ImportException("no token ends an answer: neither tokenizer_config.json (eos_token) nor generation_config.json or config.json"
                    + " (eos_token_id) names one");
        }
        return List.copyOf(eos);
    }

    private static void addIds(JsonNode config, Set<Integer> ids) throws ImportException {
        JsonNode value = config.path("eos_token_id");
        for (JsonNode one : value.isArray() ? value : List.of(value)) {
            if (one.isNull() || one.isMissingNode()) {
                continue;
            }
            if (!one.isIntegralNumber() || !one.canConvertToInt() || ids.size() == 16) {
                throw new ImportException("eos_token_id is " + value + "; a token id, or at most 16 of them, were expected");
            }
            ids.add(one.intValue());
        }
    }

    private static int requireToken(String text, TokenizerIndex index) throws ImportException {
        return index.id(text).orElseThrow(() -> new ImportException("tokenizer_config.json names the token " + text + ", which the tokenizer lacks"));
    }

    private Optional<String> tokenText(String member) {
        JsonNode token = tokenizerConfig.path(member);
        return Optional.ofNullable(token.isObject() ? token.path("content").textValue() : token.textValue());
    }

    private Optional<String> template() throws IOException {
        if (Files.exists(folder.resolve("chat_template.jinja"))) {
            return Optional.of(new String(bytes("chat_template.jinja", MAX_TEMPLATE), StandardCharsets.UTF_8));
        }
        JsonNode template = tokenizerConfig.path("chat_template");
        for (JsonNode named : template.isArray() ? template : List.<JsonNode>of()) {
            if (named.path("name").asText().equals("default")) {
                template = named.path("template");
            }
        }
        if (!template.isTextual()) {
            template = config("chat_template.json").path("chat_template");
        }
        return Optional.ofNullable(template.textValue());
    }

    /** The JSON object {@code name}, empty where the folder has none. */
    private JsonNode config(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? new JsonFile(MAX_CONFIG).read(file) : new JsonFile(MAX_CONFIG).parse(name, new byte[] {'{', '}'});
    }

    private byte[] bytes(String name, int max) throws IOException {
        try (InputStream in = Files.newInputStream(folder.resolve(name))) {
            byte[] bytes = in.readNBytes(max);
            if (in.read() >= 0) {
                throw new ImportException(name + " is longer than " + max + " bytes");
            }
            return bytes;
        }
    }
}
