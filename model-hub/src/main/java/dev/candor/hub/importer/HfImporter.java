package dev.candor.hub.importer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.hub.importer.hf.HfDecoder;
import dev.candor.hub.importer.hf.SafetensorsWeights;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.importer.source.JsonFile;
import dev.candor.hub.importer.source.NamedWeights;
import dev.candor.hub.importer.tokenizer.FolderTokenizer;
import dev.candor.hub.importer.tokenizer.TokenizerFiles;
import dev.candor.hub.manifest.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/** Converts a Hugging Face folder (config.json, safetensors, tokenizer) to a folder that can be served, by {@link DecoderImporter}. */
public final class HfImporter {
    private static final int MAX_CONFIG = 4 << 20;

    private final DecoderImporter importer = new DecoderImporter();

    /**
     * Converts into {@code folder}, which must exist and be empty; every file is on the device when this returns.
     *
     * @param source   the Hugging Face folder, or one safetensors file within it
     * @param progress gets the number of bytes of weights converted so far
     * @throws IOException with a message that names what the source holds that cannot be converted; the folder is then to be thrown away
     */
    public ModelManifest convert(Path source, Path folder, ImportRequest request, LongConsumer progress) throws IOException {
        Path home = Files.isDirectory(source) ? source : source.toAbsolutePath().getParent();
        if (!Files.exists(home.resolve("config.json"))) {
            throw new ImportException("there is no config.json beside the weights; the whole folder of the model is needed");
        }
        JsonNode config = new JsonFile(MAX_CONFIG).read(home.resolve("config.json"));
        try (SafetensorsWeights files = SafetensorsWeights.open(source)) {
            List<String> names = new ArrayList<>(files.tensors().keySet());
            names.addAll(files.unread().keySet());
            HfDecoder.Decoder decoder = HfDecoder.read(config, names, request.context());
            for (Map.Entry<String, String> tensor : files.unread().entrySet()) {
                if (!decoder.naming().ignorable(tensor.getKey())) {
                    throw new ImportException("tensor " + tensor.getKey() + " is " + tensor.getValue() + "; F32, F16 and BF16 are imported");
                }
            }
            TokenizerFiles tokenizer = new FolderTokenizer(home, config).files(decoder.spec().vocabulary());
            NamedWeights weights = new NamedWeights(files.tensors(), decoder.naming());
            return importer.convert(weights, decoder.spec(), tokenizer, request, folder, progress);
        }
    }
}
