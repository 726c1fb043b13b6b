package dev.candor.inference.importer;

import dev.candor.hub.catalog.CatalogEntry;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.importer.DecoderSource;
import dev.candor.hub.importer.ImportRequest;
import dev.candor.hub.importer.encoder.EncoderFiles;
import dev.candor.hub.importer.encoder.EncoderFolder;
import dev.candor.hub.importer.encoder.EncoderRecipe;
import dev.candor.hub.importer.exported.ExportedImporter;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.importer.tensor.TensorImporter;
import dev.candor.hub.manifest.EncoderConfig;
import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.RewriteNote;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.store.ProgressListener;
import dev.candor.hub.store.StoreWriting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Takes models into the store: decoders out of GGUF or safetensors files, converted to a form; any other ONNX graph as it is. A model appears in the
 * store whole or not at all.
 */
public final class ModelImports {
    private static final String UNKNOWN_LICENCE = "NOASSERTION";
    private static final long SMALL_FILES = 256 << 20;

    private final Path cache;
    private final ModelCatalog catalog;
    private final FormQuality quality;
    private final TextCheck texts;

    /** @param cache folder of re-creatable state */
    public ModelImports(Path cache, ModelCatalog catalog) {
        this.cache = cache;
        this.catalog = catalog;
        this.quality = new FormQuality(cache.resolve("natives"));
        this.texts = new TextCheck(cache.resolve("natives"));
    }

    /** @throws IOException with a line that says what cannot be imported, and why; the store is then as it was */
    public ImportReport run(ImportOrder order, ProgressListener progress) throws IOException {
        Path path = Path.of(order.source());
        Optional<CatalogEntry> entry = Files.exists(path) ? Optional.empty() : catalog.find(order.source());
        if (entry.isEmpty() && !Files.exists(path)) {
            throw new ImportException("there is no file or folder " + order.source() + ", and the catalog has no model of that name");
        }
        if (entry.isEmpty()) {
            SourceKind.require(path);
        }
        try (StoreWriting writing = StoreWriting.begin(cache, progress)) {
            Path source = entry.isPresent() ? writing.fetch(entry.get(), progress) : path;
            ModelName name = order.name().or(() -> entry.map(CatalogEntry::name)).orElseGet(() -> nameOf(path));
            String licence = order.licence().or(() -> entry.map(CatalogEntry::licence)).orElse(UNKNOWN_LICENCE);
            Optional<String> template = order.chatTemplate().or(() -> entry.flatMap(each -> each.conversion().chatTemplate()));
            Optional<EncoderFiles> encoder = encoder(path, entry, writing, progress);
            if (encoder.isPresent()) {
                return encoder(encoder.get(), name, licence, order, writing, progress);
            }
            return isGraph(source)
                    ? graph(source, new ExportedImporter.Request(name, licence, template, order.context()), order, writing, progress)
                    : decoder(source, new ImportRequest(name, licence, order.converted(), template, order.context()), order, writing, progress);
        }
    }

    /** An encoder's files, if the source is one. */
    private static Optional<EncoderFiles> encoder(Path path, Optional<CatalogEntry> entry, StoreWriting writing, ProgressListener progress)
            throws IOException {
        Optional<EncoderRecipe> recipe = entry.flatMap(each -> each.conversion().encoder());
        if (recipe.isPresent()) {
            List<Path> files = writing.fetchAll(entry.get(), progress);
            return Optional.of(new EncoderFiles(files.getFirst(), files.getLast(), recipe.get()));
        }
        EncoderFolder folder = new EncoderFolder(path);
        return entry.isEmpty() && Files.isDirectory(path) && folder.isEncoder() ? Optional.of(folder.read()) : Optional.empty();
    }

    private ImportReport encoder(
            EncoderFiles files, ModelName name, String licence, ImportOrder order, StoreWriting writing, ProgressListener progress) throws IOException {
        long begun = System.nanoTime();
        VerifiedModel model = new EncoderImports(cache.resolve("natives")).run(files, name, licence, order, writing, progress);
        String rewrite = ((EncoderConfig) model.serving()).rewrite().flatMap(RewriteNote::refused)
                .map(reason -> "the graph is the publisher's: " + reason)
                .orElse("the graph was rewritten, and computes the same within 1e-5");
        return report(model, "onnx", Files.size(files.graph()), Duration.ofNanos(System.nanoTime() - begun), new ImportReport.Quality.Skipped(rewrite));
    }

    private ImportReport decoder(Path path, ImportRequest request, ImportOrder order, StoreWriting writing, ProgressListener progress)
            throws IOException {
        long begun = System.nanoTime();
        try (DecoderSource source = DecoderSource.open(path, request.context())) {
            String what = path.getFileName() + " to " + request.form().label();
            long room = source.convertedBytes(request.form()) + SMALL_FILES;
            VerifiedModel model = writing.publish(request.name(), request.form().label(), room, order.replace(), folder -> checked(folder, source.convert(
                    request, folder, done -> progress.progress(ProgressListener.Step.CONVERT, what, done, source.bytes()))));
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            ImportReport.Quality near = order.measured() ? near(source, request, model, writing, progress) : new ImportReport.Quality.Skipped("not asked for");
            return report(model, source.format().name().toLowerCase(Locale.ROOT), source.bytes(), took, near);
        }
    }

    /** The model is in the store already: who interrupts the comparison loses nothing but its figures. */
    private ImportReport.Quality near(
            DecoderSource source, ImportRequest request, VerifiedModel model, StoreWriting writing, ProgressListener progress) throws IOException {
        try {
            return quality.measure(source, request, model, writing, progress);
        } catch (CancellationException e) {
            return new ImportReport.Quality.Skipped("interrupted; the model is imported");
        }
    }

    /** A language model that an exporter wrote, where the files beside the graph make it one; any other graph is served on bare tensors. */
    private ImportReport graph(Path path, ExportedImporter.Request request, ImportOrder order, StoreWriting writing, ProgressListener progress)
            throws IOException {
        long begun = System.nanoTime();
        TensorImporter importer = new TensorImporter();
        TensorImporter.Inspected source = importer.inspect(path);
        order.requireForm(source.form());
        long bytes = source.bytes();
        LongConsumer copied = done -> progress.progress(ProgressListener.Step.CONVERT, path.getFileName().toString(), done, bytes);
        VerifiedModel model = writing.publish(request.name(), source.form(), bytes + SMALL_FILES, order.replace(), folder -> checked(folder, ExportedImporter.fits(source)
                ? new ExportedImporter().importModel(source, request, folder, copied)
                : importer.importModel(source, request.name(), request.licence(), folder, copied)));
        return report(model, "onnx", bytes, Duration.ofNanos(System.nanoTime() - begun),
                new ImportReport.Quality.Skipped("a graph is taken as it is"));
    }

    private ModelManifest checked(Path folder, ModelManifest manifest) throws IOException {
        texts.require(folder);
        return manifest;
    }

    private static ImportReport report(VerifiedModel model, String format, long sourceBytes, Duration took, ImportReport.Quality quality) {
        return new ImportReport(
                model.manifest().name(),
                model.manifest().form(),
                model.folder(),
                model.manifest().digest().toString(),
                format,
                sourceBytes,
                model.manifest().totalSize(),
                took,
                quality);
    }

    private static boolean isGraph(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return path.getFileName().toString().endsWith(".onnx");
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).noneMatch(name -> name.endsWith(".safetensors"))
                    && !Files.exists(path.resolve("model.safetensors.index.json"))
                    && hasGraph(path);
        }
    }

    private static boolean hasGraph(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.anyMatch(file -> file.getFileName().toString().endsWith(".onnx"));
        }
    }

    /** {@code local/<file name>@1}, in the characters that names may have. */
    private static ModelName nameOf(Path path) {
        String last = path.toAbsolutePath().normalize().getFileName().toString().toLowerCase(Locale.ROOT);
        String plain = last.replaceAll("\\.(gguf|safetensors|onnx)$", "").replaceAll("[^a-z0-9._-]+", "-").replaceAll("^[^a-z0-9]+", "");
        return new ModelName("local", plain.isEmpty() ? "model" : plain.substring(0, Math.min(64, plain.length())), "1");
    }
}
