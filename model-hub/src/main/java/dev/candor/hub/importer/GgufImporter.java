package dev.candor.hub.importer;

import dev.candor.attestation.digest.Digest;
import dev.candor.hub.importer.gguf.GgufFile;
import dev.candor.hub.importer.gguf.GgufMetadata;
import dev.candor.hub.importer.gguf.GgufTensor;
import dev.candor.hub.manifest.ManifestFile;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.ManifestWriter;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.hub.manifest.ModelConfigJson;
import dev.candor.hub.manifest.ModelManifest;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Converts a GGUF file to a folder that can be served: ONNX graph with its weights in one file beside it, tokenizer, chat template, configuration and
 * manifest. The same file and request give the same bytes on every machine.
 */
public final class GgufImporter {
    private static final String GRAPH = "model.onnx";
    private static final String WEIGHTS = "model.onnx.data";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String TEMPLATE = "chat_template.jinja";

    private final ModelConfigJson configs = new ModelConfigJson();
    private final ManifestWriter manifests = new ManifestWriter();

    /** As {@link #convert(Path, Path, ImportRequest, LongConsumer)}, without progress. */
    public ModelManifest convert(Path gguf, Path folder, ImportRequest request) throws IOException {
        return convert(gguf, folder, request, bytes -> {});
    }

    /**
     * Converts {@code gguf} into {@code folder}, which must exist and be empty; every file is on the device when this returns.
     *
     * @param progress gets the number of bytes of the file's weights converted so far
     * @throws IOException with a message that names what the file holds that cannot be converted; the folder is then to be thrown away
     */
    public ModelManifest convert(Path gguf, Path folder, ImportRequest request, LongConsumer progress) throws IOException {
        try (GgufFile file = GgufFile.open(gguf)) {
            LlamaShape shape = LlamaShape.of(file);
            byte[] tokenizer = new TokenizerJson(file.metadata()).toBytes();
            String template = template(file.metadata(), request);
            ModelConfig config = config(file.metadata(), shape, request);
            byte[] graph = graph(file, shape, folder.resolve(WEIGHTS), request.form(), progress);
            write(folder.resolve(GRAPH), graph);
            write(folder.resolve(TOKENIZER), tokenizer);
            write(folder.resolve(TEMPLATE), template.getBytes(StandardCharsets.UTF_8));
            write(folder.resolve(ModelConfigJson.FILE_NAME), configs.write(config));
            return manifest(folder, request);
        }
    }

    private static byte[] graph(GgufFile file, LlamaShape shape, Path weights, ModelForm form, LongConsumer progress) throws IOException {
        OnnxGraph graph = new OnnxGraph("decoder");
        try (ExternalData data = new ExternalData(weights)) {
            new LlamaGraph(shape, new TensorSet(file, progress), graph, new WeightWriter(data), form).build();
        }
        progress.accept(file.tensors().values().stream().map(GgufTensor::data).mapToLong(data -> data.byteSize()).sum());
        return graph.toBytes();
    }

    private static String template(GgufMetadata metadata, ImportRequest request) throws IOException {
        if (request.chatTemplate().isPresent()) {
            return request.chatTemplate().get();
        }
        return metadata.optionalText("tokenizer.chat_template")
                .orElseThrow(() -> new ImportException("the file has no chat template (tokenizer.chat_template); give one"));
    }

    private static ModelConfig config(GgufMetadata metadata, LlamaShape shape, ImportRequest request) throws IOException {
        int last = shape.vocabulary() - 1;
        Set<Integer> eos = new LinkedHashSet<>();
        for (String key : List.of("eos", "eot")) {
            int token = metadata.whole("tokenizer.ggml." + key + "_token_id", 0, last, -1);
            if (token >= 0) {
                eos.add(token);
            }
        }
        if (eos.isEmpty()) {
            throw new ImportException("the file names no token that ends an answer (tokenizer.ggml.eos_token_id)");
        }
        return new ModelConfig(
                GRAPH,
                TOKENIZER,
                TEMPLATE,
                request.form().label(),
                shape.layers(),
                shape.heads(),
                shape.kvHeads(),
                shape.headSize(),
                shape.hidden(),
                shape.vocabulary(),
                shape.context(),
                metadata.whole("tokenizer.ggml.bos_token_id", 0, last, -1),
                List.copyOf(eos));
    }

    private ModelManifest manifest(Path folder, ImportRequest request) throws IOException {
        List<ManifestFile> files = new ArrayList<>();
        for (String name : List.of(GRAPH, WEIGHTS, TOKENIZER, TEMPLATE, ModelConfigJson.FILE_NAME)) {
            Path file = folder.resolve(name);
            Digest digest = ManifestVerifier.hash(file, bytes -> {});
            files.add(new ManifestFile(name, Files.size(file), digest));
        }
        ModelManifest manifest = ModelManifest.of(request.name().toString(), request.form().label(), request.licence(), files);
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
