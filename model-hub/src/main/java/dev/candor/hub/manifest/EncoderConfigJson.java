package dev.candor.hub.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@link EncoderConfig} as a JSON object, and back. */
final class EncoderConfigJson {
    static final String KIND = "encoder";

    /** Labels of a model, and characters of one. */
    static final int MAX_LABELS = 100_000;

    private static final int MAX_LABEL = 1000;
    private static final Set<String> MEMBERS = Set.of(
            "kind", "graph", "tokenizer", "form", "task", "output", "pooling", "normalize", "width", "max_tokens", "vocab_size", "pad_token", "labels",
            "multi_label", "rewrite");

    Map<String, Object> write(EncoderConfig config) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("kind", KIND);
        object.put("graph", config.graph());
        object.put("tokenizer", config.tokenizer());
        object.put("form", config.form());
        object.put("task", config.task().word());
        object.put("output", config.output());
        object.put("pooling", config.pooling().word());
        object.put("normalize", config.normalize());
        object.put("width", config.width());
        object.put("max_tokens", config.maxTokens());
        object.put("vocab_size", config.vocabSize());
        object.put("pad_token", config.padToken());
        object.put("labels", config.labels());
        object.put("multi_label", config.multiLabel());
        config.rewrite().ifPresent(note -> object.put("rewrite", write(note)));
        return object;
    }

    private static Map<String, Object> write(RewriteNote note) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", note.name());
        object.put("original", note.original().hex());
        object.put("graph", note.graph().hex());
        note.refused().ifPresent(reason -> object.put("refused", reason));
        return object;
    }

    EncoderConfig read(JsonNode object) throws IOException {
        StrictJson.allowOnly(object, MEMBERS);
        int vocabulary = (int) StrictJson.integer(object, "vocab_size", 1, 1 << 24);
        return new EncoderConfig(
                ServingConfigJson.fileName(object, "graph"),
                ServingConfigJson.fileName(object, "tokenizer"),
                StrictJson.text(object, "form"),
                EncoderTask.of(StrictJson.text(object, "task")),
                StrictJson.text(object, "output"),
                Pooling.of(StrictJson.text(object, "pooling")),
                flag(object, "normalize"),
                (int) StrictJson.integer(object, "width", 1, 1 << 20),
                (int) StrictJson.integer(object, "max_tokens", 1, 1 << 20),
                vocabulary,
                (int) StrictJson.integer(object, "pad_token", 0, vocabulary - 1),
                labels(object),
                flag(object, "multi_label"),
                object.has("rewrite") ? Optional.of(rewrite(object.get("rewrite"))) : Optional.empty());
    }

    private static RewriteNote rewrite(JsonNode object) throws IOException {
        StrictJson.allowOnly(object, Set.of("name", "original", "graph", "refused"));
        return new RewriteNote(
                StrictJson.text(object, "name"),
                new Digest(StrictJson.text(object, "original")),
                new Digest(StrictJson.text(object, "graph")),
                object.has("refused") ? Optional.of(StrictJson.text(object, "refused")) : Optional.empty());
    }

    private static List<String> labels(JsonNode object) throws IOException {
        List<String> labels = new ArrayList<>();
        for (JsonNode label : StrictJson.array(object, "labels", MAX_LABELS)) {
            if (!label.isTextual() || label.textValue().length() > MAX_LABEL) {
                throw new IOException("\"labels\" must hold texts of at most " + MAX_LABEL + " characters");
            }
            labels.add(label.textValue());
        }
        return labels;
    }

    private static boolean flag(JsonNode object, String name) throws IOException {
        if (!object.path(name).isBoolean()) {
            throw new IOException("\"" + name + "\" must be true or false");
        }
        return object.path(name).booleanValue();
    }
}
