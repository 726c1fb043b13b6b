package dev.candor.hub.importer;

import dev.candor.hub.manifest.ModelManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Converts a GGUF file to a folder that can be served, in one form. */
public final class GgufImporter {
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
        try (DecoderSource decoder = DecoderSource.open(gguf, request.context())) {
            return decoder.convert(request, folder, progress);
        }
    }
}
