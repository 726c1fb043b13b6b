package dev.candor.hub.importer.exported;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.importer.source.JsonFile;
import dev.candor.hub.importer.tensor.FolderFiles;
import dev.candor.hub.importer.tensor.TensorImporter;
import dev.candor.hub.importer.tokenizer.FolderTokenizer;
import dev.candor.hub.importer.tokenizer.TokenizerFiles;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.ServingConfigJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Takes a decoder that an exporter wrote (Optimum's {@code text-generation-with-past}, ONNX Runtime GenAI's builder) into a folder that can be served: the graph
 * and its weights as they are, tokenizer, chat template, configuration and manifest.
 */
public final class ExportedImporter {
    private static final int MAX_CONFIG = 16 << 20;
    private static final String CONFIG = "config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String TEMPLATE = "chat_template.jinja";
    private static final String PAST = "past_key_values.";

    private final TensorImporter tensors = new TensorImporter();
    private final ServingConfigJson configs = new ServingConfigJson();

    /**
     * What to make of an export.
     *
     * @param chatTemplate Jinja source that takes the place of the model's own
     * @param context      longest sequence to serve, at most the model's own; the only one where its configuration tells none
     */
    public record Request(ModelName name, String licence, Optional<String> chatTemplate, OptionalInt context) {}

    /** Whether a graph is a decoder with keys and values among its inputs, and has a configuration beside it. */
    public static boolean fits(TensorImporter.Inspected source) {
        return source.model().graph().inputs().stream().anyMatch(input -> input.name().startsWith(PAST)) && home(source.graph()).isPresent();
    }

    /**
     * Takes the export into {@code target}, which must exist and be empty; every file is on the device when this returns.
     *
     * @param source   a graph of a Hugging Face folder, or of its subfolder {@code onnx}
     * @param progress gets the number of bytes copied so far
     * @throws IOException saying what is missing; {@code target} is then to be thrown away
     */
    public ModelManifest importModel(TensorImporter.Inspected source, Request request, Path target, LongConsumer progress) throws IOException {
        Path folder = home(source.graph()).orElseThrow(() -> new ImportException("there is no config.json beside " + source.graph().getFileName()
                + ", which a language model needs: give the whole folder of the export"));
        JsonNode config = new JsonFile(MAX_CONFIG).read(folder.resolve(CONFIG));
        ExportedShape shape = ExportedShape.read(source.model().graph(), config, request.context());
        TokenizerFiles tokenizer = new FolderTokenizer(folder, config).files(shape.vocabulary());
        String template = request.chatTemplate().or(tokenizer::chatTemplate)
                .orElseThrow(() -> new ImportException("the model has no chat template of its own; give one"));
        if (tokenizer.eosTokens().isEmpty()) {
            throw new ImportException("the model names no token that ends an answer");
        }
        FolderFiles files = new FolderFiles(target);
        tensors.copy(source, files, progress);
        files.write(TOKENIZER, tokenizer.tokenizer());
        files.write(TEMPLATE, template.getBytes(StandardCharsets.UTF_8));
        files.write(ServingConfigJson.FILE_NAME, configs.write(new ModelConfig(
                TensorImporter.GRAPH, TOKENIZER, TEMPLATE, source.form(), shape.layers(), shape.heads(), shape.kvHeads(), shape.headSize(),
                shape.hidden(), shape.vocabulary(), shape.context(), tokenizer.bosToken(), tokenizer.eosTokens())));
        return files.manifest(request.name(), source.form(), request.licence());
    }

    private static Optional<Path> home(Path graph) {
        Path folder = graph.getParent();
        return Stream.of(folder, folder.resolve("..").normalize()).filter(candidate -> Files.isRegularFile(candidate.resolve(CONFIG))).findFirst();
    }
}
