package dev.candor.hub.importer;

import dev.candor.hub.importer.decoder.DecoderSpec;
import dev.candor.hub.importer.gguf.GgufFile;
import dev.candor.hub.importer.source.NamedWeights;
import dev.candor.hub.importer.tokenizer.GgufTokenizer;
import dev.candor.hub.manifest.ModelManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Converts a GGUF file to a folder that can be served, by {@link DecoderImporter}. */
public final class GgufImporter {
    private final DecoderImporter importer = new DecoderImporter();

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
            DecoderSpec spec = new GgufDecoder(file, request.context()).spec();
            NamedWeights weights = new NamedWeights(file.tensors(), new GgufNaming(spec));
            return importer.convert(weights, spec, new GgufTokenizer(file.metadata()).files(spec.vocabulary()), request, folder, progress);
        }
    }
}
