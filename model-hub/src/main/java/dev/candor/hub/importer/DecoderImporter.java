package dev.candor.hub.importer;

import dev.candor.attestation.digest.Digest;
import dev.candor.hub.importer.decoder.BlockWeights;
import dev.candor.hub.importer.decoder.DecoderGraph;
import dev.candor.hub.importer.decoder.DecoderSpec;
import dev.candor.hub.importer.decoder.DecoderWeights;
import dev.candor.hub.importer.decoder.ExactWeights;
import dev.candor.hub.importer.decoder.FloatWeights;
import dev.candor.hub.importer.decoder.RowWeights;
import dev.candor.hub.importer.decoder.WeightWriter;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.importer.source.WeightSource;
import dev.candor.hub.importer.tokenizer.TokenizerFiles;
import dev.candor.hub.manifest.ManifestFile;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.ManifestWriter;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.hub.manifest.ModelConfigJson;
import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.ExternalData;
import dev.candor.hub.onnx.OnnxGraph;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Writes a decoder, whatever file it comes from, as a folder that can be served: ONNX graph with its weights in one file beside it, tokenizer, chat
 * template, configuration and manifest. The same weights and request give the same bytes on every machine. Weights are streamed: memory does not grow
 * with the model.
 */
public final class DecoderImporter {
    private static final String GRAPH = "model.onnx";
    private static final String WEIGHTS = "model.onnx.data";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String TEMPLATE = "chat_template.jinja";

    private final ModelConfigJson configs = new ModelConfigJson();
    private final ManifestWriter manifests = new ManifestWriter();

    /**
     * Converts into {@code folder}, which must exist and be empty; every file is on the device when this returns.
     *
     * @param progress gets the number of encoded bytes of weights converted so far, {@link WeightSource#bytes} at the end
     * @throws IOException with a message that names what cannot be converted; the folder is then to be thrown away
     */
    public ModelManifest convert(
            WeightSource source, DecoderSpec spec, TokenizerFiles tokenizer, ImportRequest request, Path folder, LongConsumer progress)
            throws IOException {
        spec.checked();
        String template = request.chatTemplate().or(tokenizer::chatTemplate)
                .orElseThrow(() -> new ImportException("the model has no chat template of its own; give one by --chat-template"));
        ModelConfig config = config(spec, tokenizer, request);
        byte[] graph = graph(new ReportingSource(source, progress), spec, folder.resolve(WEIGHTS), request.form());
        progress.accept(source.bytes());
        write(folder.resolve(GRAPH), graph);
        write(folder.resolve(TOKENIZER), tokenizer.tokenizer());
        write(folder.resolve(TEMPLATE), template.getBytes(StandardCharsets.UTF_8));
        write(folder.resolve(ModelConfigJson.FILE_NAME), configs.write(config));
        return manifest(folder, request);
    }

    private static byte[] graph(WeightSource source, DecoderSpec spec, Path weights, ModelForm form) throws IOException {
        OnnxGraph graph = new OnnxGraph("decoder");
        try (ExternalData data = new ExternalData(weights)) {
            WeightWriter writer = new WeightWriter(data);
            new DecoderGraph(spec, source, graph, writer, weights(form, graph, writer)).build();
        }
        return graph.toBytes();
    }

    private static DecoderWeights weights(ModelForm form, OnnxGraph graph, WeightWriter writer) {
        return switch (form) {
            case FP32 -> new FloatWeights(graph, writer, ElementType.FLOAT);
            case Q8 -> BlockWeights.eightBit(graph, writer, ElementType.FLOAT);
            case Q4 -> BlockWeights.fourBit(graph, writer, ElementType.FLOAT);
            case Q4EXACT -> new ExactWeights(graph, writer);
            case W8A8 -> new RowWeights(graph, writer);
            case FP16 -> new FloatWeights(graph, writer, ElementType.FLOAT16);
            case Q8F16 -> BlockWeights.eightBit(graph, writer, ElementType.FLOAT16);
            case Q4F16 -> BlockWeights.fourBit(graph, writer, ElementType.FLOAT16);
        };
    }

    private static ModelConfig config(DecoderSpec spec, TokenizerFiles tokenizer, ImportRequest request) throws ImportException {
        for (int token : tokenizer.eosTokens()) {
            requireToken(token, spec);
        }
        if (tokenizer.eosTokens().isEmpty()) {
            throw new ImportException("the model names no token that ends an answer");
        }
        if (tokenizer.bosToken() != -1) {
            requireToken(tokenizer.bosToken(), spec);
        }
        return new ModelConfig(
                GRAPH,
                TOKENIZER,
                TEMPLATE,
                request.form().label(),
                spec.layers().size(),
                spec.heads(),
                spec.kvHeads(),
                spec.headSize(),
                spec.hidden(),
                spec.vocabulary(),
                spec.context(),
                tokenizer.bosToken(),
                tokenizer.eosTokens());
    }

    private static void requireToken(int token, DecoderSpec spec) throws ImportException {
        if (token < 0 || token >= spec.vocabulary()) {
            throw new ImportException("the tokenizer names token " + token + ", the model's vocabulary has " + spec.vocabulary());
        }
    }

    private ModelManifest manifest(Path folder, ImportRequest request) throws IOException {
        List<ManifestFile> files = new ArrayList<>();
        for (String name : List.of(GRAPH, WEIGHTS, TOKENIZER, TEMPLATE, ModelConfigJson.FILE_NAME)) {
            Path file = folder.resolve(name);
            Digest digest = ManifestVerifier.hash(file, bytes -> {});
            files.add(new ManifestFile(name, Files.size(file), digest));
        }
        ModelManifest manifest = ModelManifest.of(request.name().toString(), request.form().label(), request.licence(), files).converted();
        write(folder.resolve(ModelManifest.FILE_NAME), manifests.write(manifest));
        return manifest;
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }
}
