package dev.candor.inference.e2e;

import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.store.ProgressListener;
import dev.candor.inference.engine.testing.TensorGraphs;
import dev.candor.inference.importer.ImportOrder;
import dev.candor.inference.importer.ModelImports;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** A graph of tensors and a language model of an exporter, small enough to start with at once. */
final class ImportedToys {
    static final String SUMS = "candor-test/sums@1";
    static final String CHAT = "candor-test/exported@1";
    static final String CHAT_BODY = "{\"model\":\"" + CHAT + "\",\"max_tokens\":4,\"temperature\":0,\"ignore_eos\":true,\"min_tokens\":4,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"the sea\"}]}";
    static final String SUMS_BODY = "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[1,3],\"data\":[1,2,3]},"
            + "{\"name\":\"b\",\"datatype\":\"FP32\",\"shape\":[1,3],\"data\":[4,5,6]}]}";

    private ImportedToys() {}

    /** Imports both into {@code cache}. @param folder for files on the way */
    static void bringIn(Path folder, Path cache) throws IOException {
        bringIn(TensorGraphs.arithmetic(folder), SUMS, cache);
        bringIn(Path.of(System.getProperty("candor.root"), "oracles", "exported", "llama"), CHAT, cache);
    }

    private static void bringIn(Path source, String name, Path cache) throws IOException {
        ImportOrder order = new ImportOrder(
                source.toString(), Optional.empty(), Optional.of(ModelName.parse(name)), Optional.of("Apache-2.0"), Optional.empty(), OptionalInt.empty(), false,
                false);
        new ModelImports(cache, ModelCatalog.bundled()).run(order, ProgressListener.none());
    }
}
