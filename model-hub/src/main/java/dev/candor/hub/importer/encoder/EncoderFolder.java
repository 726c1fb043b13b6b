package dev.candor.hub.importer.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.manifest.EncoderTask;
import dev.candor.hub.manifest.Pooling;
import dev.candor.hub.manifest.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An encoder as Hugging Face and sentence-transformers lay it out: {@code config.json}, {@code tokenizer.json}, {@code model.onnx} or
 * {@code onnx/model.onnx}, and for embeddings {@code modules.json} with the modules it names. What a text becomes is read off these.
 */
public record EncoderFolder(Path folder) {
    private static final int MAX_BYTES = 4 << 20;
    private static final int MAX_MODULES = 16;
    private static final int MAX_LABELS = 100_000;

    /** Whether {@code folder} holds an ONNX graph with an encoder's configuration beside it. */
    public boolean isEncoder() throws IOException {
        if (graph().isEmpty() || !Files.isRegularFile(folder.resolve("config.json"))) {
            return false;
        }
        JsonNode config = json("config.json").orElseThrow();
        return Files.isRegularFile(folder.resolve("modules.json")) || task(config).isPresent();
    }

    private Optional<Path> graph() {
        return List.of("model.onnx", "onnx/model.onnx").stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
    }

    /** @throws ImportException if a file is missing, or asks for something that is not served */
    public EncoderFiles read() throws IOException {
        Path graph = graph().orElseThrow(() -> new ImportException(folder + " holds neither model.onnx nor onnx/model.onnx"));
        Path tokenizer = folder.resolve("tokenizer.json");
        if (!Files.isRegularFile(tokenizer)) {
            throw new ImportException(folder + " holds no tokenizer.json; save the model's fast tokenizer there");
        }
        JsonNode config = json("config.json").orElseThrow(() -> new ImportException(folder + " holds no config.json"));
        return new EncoderFiles(graph, tokenizer, recipe(config));
    }

    private EncoderRecipe recipe(JsonNode config) throws IOException {
        EncoderTask task = Files.isRegularFile(folder.resolve("modules.json"))
                ? EncoderTask.EMBEDDING
                : task(config).orElseThrow(() -> new ImportException("config.json names no architecture of an encoder: " + config.path("architectures")));
        List<String> labels = task == EncoderTask.CLASSIFICATION || task == EncoderTask.TOKEN_CLASSIFICATION ? labels(config) : List.of();
        boolean embedding = task == EncoderTask.EMBEDDING;
        Modules modules = embedding ? modules() : new Modules(Pooling.NONE, false);
        return new EncoderRecipe(
                task,
                modules.pooling(),
                modules.normalize(),
                maxTokens(config),
                labels,
                config.path("problem_type").asText().equals("multi_label_classification"),
                Math.max(0, config.path("pad_token_id").asInt(0)),
                Optional.of(config.path("vocab_size").asInt()).filter(size -> size > 0),
                Optional.empty());
    }

    /** A head of one score that is no label is a reranker's. */
    private static Optional<EncoderTask> task(JsonNode config) {
        String architecture = config.at("/architectures/0").asText();
        if (architecture.endsWith("ForTokenClassification")) {
            return Optional.of(EncoderTask.TOKEN_CLASSIFICATION);
        }
        if (architecture.endsWith("ForSequenceClassification")) {
            return Optional.of(config.path("id2label").size() == 1 ? EncoderTask.RERANK : EncoderTask.CLASSIFICATION);
        }
        boolean bare = architecture.endsWith("Model") || architecture.endsWith("ForMaskedLM");
        boolean encoder = List.of("bert", "roberta", "xlm-roberta", "distilbert", "mpnet", "electra", "albert", "camembert", "deberta-v2", "nomic_bert",
                "modernbert").contains(config.path("model_type").asText());
        return bare && encoder ? Optional.of(EncoderTask.EMBEDDING) : Optional.empty();
    }

    private static List<String> labels(JsonNode config) throws ImportException {
        JsonNode names = config.path("id2label");
        if (!names.isObject() || names.isEmpty() || names.size() > MAX_LABELS) {
            throw new ImportException("config.json has no id2label, which names what the model tells apart");
        }
        List<String> labels = new ArrayList<>();
        for (int id = 0; id < names.size(); id++) {
            JsonNode label = names.path(Integer.toString(id));
            if (!label.isTextual()) {
                throw new ImportException("config.json has no label " + id + " in id2label");
            }
            labels.add(label.textValue());
        }
        return labels;
    }

    private record Modules(Pooling pooling, boolean normalize) {}

    /** Mean and length one where there is no modules.json, as sentence-transformers makes of a bare model; but for the length. */
    private Modules modules() throws IOException {
        Optional<JsonNode> list = jsonArray("modules.json");
        Pooling pooling = Pooling.MEAN;
        boolean normalize = false;
        if (list.isEmpty()) {
            return new Modules(pooling, normalize);
        }
        if (list.get().size() > MAX_MODULES) {
            throw new ImportException("modules.json names more than " + MAX_MODULES + " modules");
        }
        for (JsonNode module : list.get()) {
            String type = module.path("type").asText();
            switch (type.substring(type.lastIndexOf('.') + 1)) {
                case "Transformer" -> {}
                case "Pooling" -> pooling = pooling(module.path("path").asText("1_Pooling"));
                case "Normalize" -> normalize = true;
                default -> throw new ImportException("modules.json asks for " + type + ", which is not served; Transformer, Pooling and Normalize are");
            }
        }
        return new Modules(pooling, normalize);
    }

    private Pooling pooling(String path) throws IOException {
        Path whole = folder.toAbsolutePath().normalize();
        if (!whole.resolve(path).normalize().startsWith(whole)) {
            throw new ImportException("modules.json names a path outside the model's folder");
        }
        JsonNode config = json(path + "/config.json").orElseThrow(() -> new ImportException(path + "/config.json is missing"));
        List<Pooling> asked = new ArrayList<>();
        addIf(config, "pooling_mode_cls_token", Pooling.CLS, asked);
        addIf(config, "pooling_mode_mean_tokens", Pooling.MEAN, asked);
        addIf(config, "pooling_mode_max_tokens", Pooling.MAX, asked);
        addIf(config, "pooling_mode_mean_sqrt_len_tokens", Pooling.MEAN_SQRT, asked);
        addIf(config, "pooling_mode_lasttoken", Pooling.LAST, asked);
        if (asked.size() != 1 || config.path("pooling_mode_weightedmean_tokens").asBoolean()) {
            throw new ImportException(path + "/config.json must ask for one of cls, mean, max, mean_sqrt_len and last token pooling");
        }
        return asked.getFirst();
    }

    private static void addIf(JsonNode config, String member, Pooling pooling, List<Pooling> asked) {
        if (config.path(member).asBoolean()) {
            asked.add(pooling);
        }
    }

    /** The least of what the configuration files say; RoBERTa's positions begin after the padding's. */
    private int maxTokens(JsonNode config) throws IOException {
        int positions = config.path("max_position_embeddings").asInt(0);
        boolean shifted = config.path("model_type").asText().matches("roberta|xlm-roberta|camembert|mpnet");
        int most = positions > 0 ? positions - (shifted ? config.path("pad_token_id").asInt(1) + 1 : 0) : Integer.MAX_VALUE;
        Optional<JsonNode> sentences = json("sentence_bert_config.json");
        if (sentences.isPresent() && sentences.get().path("max_seq_length").asInt(0) > 0) {
            most = Math.min(most, sentences.get().path("max_seq_length").asInt());
        }
        if (most < 1 || most > 1 << 20) {
            throw new ImportException("the longest text can be read neither off config.json nor off sentence_bert_config.json");
        }
        return most;
    }

    private Optional<JsonNode> json(String name) throws IOException {
        Optional<byte[]> bytes = bytes(name);
        return bytes.isPresent() ? Optional.of(new StrictJson().readObject(bytes.get())) : Optional.empty();
    }

    /** An array has no reader of its own: it is read as an object's member. */
    private Optional<JsonNode> jsonArray(String name) throws IOException {
        Optional<byte[]> bytes = bytes(name);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        String wrapped = "{\"list\":" + new String(bytes.get(), StandardCharsets.UTF_8) + "}";
        return Optional.of(StrictJson.array(
                new StrictJson().readObject(wrapped.getBytes(StandardCharsets.UTF_8)), "list", MAX_MODULES));
    }

    private Optional<byte[]> bytes(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new ImportException(file + " has more than " + MAX_BYTES + " bytes");
            }
            return Optional.of(bytes);
        }
    }
}
