package dev.candor.hub.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@link ModelConfig} as the bytes of {@code config.json}, and back. */
public final class ModelConfigJson {
    /** Name of the file within a model's folder. */
    public static final String FILE_NAME = "config.json";

    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_EOS = 16;
    private static final Set<String> MEMBERS = Set.of(
            "graph", "tokenizer", "chat_template", "form", "layers", "heads", "kv_heads", "head_size", "hidden_size", "vocab_size",
            "context_length", "bos_token", "eos_tokens");

    private final StrictJson json = new StrictJson();

    /** The file's bytes; the same configuration gives the same bytes. */
    public byte[] write(ModelConfig config) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("graph", config.graph());
        object.put("tokenizer", config.tokenizer());
        object.put("chat_template", config.chatTemplate());
        object.put("form", config.form());
        object.put("layers", config.layers());
        object.put("heads", config.heads());
        object.put("kv_heads", config.kvHeads());
        object.put("head_size", config.headSize());
        object.put("hidden_size", config.hiddenSize());
        object.put("vocab_size", config.vocabSize());
        object.put("context_length", config.contextLength());
        object.put("bos_token", config.bosToken());
        object.put("eos_tokens", config.eosTokens());
        return json.write(object);
    }

    /** @throws ManifestException if {@code bytes} are no configuration, or one with a member missing, unknown or out of range */
    public ModelConfig read(byte[] bytes) throws ManifestException {
        if (bytes.length > MAX_BYTES) {
            throw new ManifestException(FILE_NAME + " has " + bytes.length + " bytes, more than " + MAX_BYTES);
        }
        try {
            return config(json.readObject(bytes));
        } catch (IOException | IllegalArgumentException e) {
            throw new ManifestException(FILE_NAME + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static ModelConfig config(JsonNode object) throws IOException {
        StrictJson.allowOnly(object, MEMBERS);
        int vocabSize = number(object, "vocab_size", 1, 1 << 24);
        List<Integer> eos = new ArrayList<>();
        for (JsonNode token : StrictJson.array(object, "eos_tokens", MAX_EOS)) {
            if (!token.canConvertToInt() || !token.isIntegralNumber() || token.intValue() < 0 || token.intValue() >= vocabSize) {
                throw new IOException("\"eos_tokens\" must hold token ids");
            }
            eos.add(token.intValue());
        }
        return new ModelConfig(
                ServingConfigJson.fileName(object, "graph"),
                ServingConfigJson.fileName(object, "tokenizer"),
                ServingConfigJson.fileName(object, "chat_template"),
                StrictJson.text(object, "form"),
                number(object, "layers", 1, 1 << 12),
                number(object, "heads", 1, 1 << 12),
                number(object, "kv_heads", 1, 1 << 12),
                number(object, "head_size", 1, 1 << 12),
                number(object, "hidden_size", 1, 1 << 20),
                vocabSize,
                number(object, "context_length", 1, 1 << 24),
                number(object, "bos_token", -1, vocabSize - 1),
                eos);
    }

    private static int number(JsonNode object, String name, int min, int max) throws IOException {
        return (int) StrictJson.integer(object, name, min, max);
    }
}
