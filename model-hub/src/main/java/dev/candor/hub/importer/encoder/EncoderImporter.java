package dev.candor.hub.importer.encoder;

import dev.candor.attestation.digest.Digest;
import dev.candor.hub.importer.ImportRequest;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.manifest.EncoderConfig;
import dev.candor.hub.manifest.ManifestFile;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.ManifestWriter;
import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.manifest.RewriteNote;
import dev.candor.hub.manifest.ServingConfigJson;
import dev.candor.hub.onnx.OnnxModel;
import dev.candor.hub.rewrite.EncoderRewrite;
import dev.candor.hub.rewrite.GraphCheck;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Writes an encoder as a folder that can be served: ONNX graph, tokenizer, configuration and manifest. The graph is rewritten to faster operators
 * where the outcome computes the same; otherwise it is the publisher's, to the byte, and the configuration says why.
 */
public final class EncoderImporter {
    private static final System.Logger LOG = System.getLogger(EncoderImporter.class.getName());
    private static final String GRAPH = "model.onnx";
    private static final String NOTHING = "there was no attention to fuse";
    // The same whatever the check found, so that the folder has the same digest wherever the original is served; the log has the reason.
    private static final String DIFFERENT = "it was not found to compute the same";
    private static final String TOKENIZER = "tokenizer.json";

    private final GraphCheck check;
    private final ServingConfigJson configs = new ServingConfigJson();
    private final ManifestWriter manifests = new ManifestWriter();

    public EncoderImporter(GraphCheck check) {
        this.check = check;
    }

    /**
     * Converts into {@code folder}, which must exist and be empty; every file is on the device when this returns.
     *
     * @param progress gets the number of bytes of the graph done so far, the file's size at the end
     * @throws IOException with a message that names what cannot be served; the folder is then to be thrown away
     */
    public ModelManifest convert(EncoderFiles files, ImportRequest request, Path folder, LongConsumer progress) throws IOException {
        OnnxModel model = OnnxModel.read(files.graph());
        EncoderConfig config = config(files.recipe(), model, request);
        RewriteNote note = graph(files.graph(), model, config, folder);
        progress.accept(Files.size(files.graph()) / 2);
        copy(files.tokenizer(), folder.resolve(TOKENIZER));
        write(folder.resolve(ServingConfigJson.FILE_NAME), configs.write(config.with(GRAPH, note)));
        ModelManifest manifest = manifest(folder, request);
        progress.accept(Files.size(files.graph()));
        return manifest;
    }

    private static EncoderConfig config(EncoderRecipe recipe, OnnxModel model, ImportRequest request) throws ImportException {
        EncoderFacts facts = new EncoderFacts(model.graph(), recipe);
        facts.requireInputs();
        EncoderFacts.Output output = facts.output();
        try {
            return new EncoderConfig(
                    GRAPH, TOKENIZER, request.form().label(), recipe.task(), output.name(), recipe.pooling(), recipe.normalize(), output.width(),
                    Math.min(recipe.maxTokens(), request.context().orElse(recipe.maxTokens())), facts.vocabulary(), recipe.padToken(),
                    recipe.labels(), recipe.multiLabel(), Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new ImportException("the model's configuration does not fit its graph: " + e.getMessage());
        }
    }

    /** Writes the graph that is to be served. */
    private RewriteNote graph(Path original, OnnxModel model, EncoderConfig config, Path folder) throws IOException {
        Path target = folder.resolve(GRAPH);
        Digest before = ManifestVerifier.hash(original, bytes -> {});
        EncoderRewrite.Result result = EncoderRewrite.of(model);
        if (!result.changed()) {
            copy(original, target);
            return new RewriteNote(EncoderRewrite.NAME, before, before, Optional.of(NOTHING));
        }
        result.model().write(target);
        Optional<String> difference = check.difference(original, target, config);
        if (difference.isEmpty()) {
            sync(target);
            return new RewriteNote(EncoderRewrite.NAME, before, ManifestVerifier.hash(target, bytes -> {}), Optional.empty());
        }
        LOG.log(System.Logger.Level.WARNING, "{0} is served as published, not rewritten: {1}", original.getFileName(), difference.get());
        Files.delete(target);
        copy(original, target);
        return new RewriteNote(EncoderRewrite.NAME, before, before, Optional.of(DIFFERENT));
    }

    private ModelManifest manifest(Path folder, ImportRequest request) throws IOException {
        List<ManifestFile> files = new ArrayList<>();
        for (String name : List.of(GRAPH, TOKENIZER, ServingConfigJson.FILE_NAME)) {
            Path file = folder.resolve(name);
            files.add(new ManifestFile(name, Files.size(file), ManifestVerifier.hash(file, bytes -> {})));
        }
        ModelManifest manifest = ModelManifest.of(request.name().toString(), request.form().label(), request.licence(), files);
        write(folder.resolve(ModelManifest.FILE_NAME), manifests.write(manifest));
        return manifest;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to);
        sync(to);
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
        sync(file);
    }

    private static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
