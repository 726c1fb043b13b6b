package dev.candor.hub.store;

import dev.candor.hub.catalog.CatalogEntry;
import dev.candor.hub.catalog.Conversion;
import dev.candor.hub.importer.GgufImporter;
import dev.candor.hub.importer.ImportRequest;
import dev.candor.hub.importer.encoder.EncoderFiles;
import dev.candor.hub.importer.encoder.EncoderImporter;
import dev.candor.hub.manifest.ManifestException;
import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.rewrite.GraphCheck;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Makes models of the catalog available in a cache: fetches, checks, converts and publishes what is missing, does nothing when it is there. Safe for
 * several processes on one cache.
 */
public final class ModelProvisioner {
    private final ModelStore store;
    private final SourceFetcher fetcher;
    private final DiskSpace disk;
    private final GgufImporter decoders = new GgufImporter();
    private final EncoderImporter encoders;

    /**
     * @param cache folder of re-creatable state ({@code $CANDOR_CACHE})
     * @param check decides whether an encoder's rewritten graph is kept
     */
    public ModelProvisioner(Path cache, GraphCheck check) {
        this(new ModelStore(cache), SourceFetcher.ofSystem(cache), new DiskSpace(), check);
    }

    ModelProvisioner(ModelStore store, SourceFetcher fetcher, DiskSpace disk, GraphCheck check) {
        this.store = store;
        this.fetcher = fetcher;
        this.disk = disk;
        this.encoders = new EncoderImporter(check);
    }

    /**
     * The model, ready to be served; every byte of it was compared with its manifest, and the manifest's digest with the catalog's.
     *
     * @throws ProvisioningException if it cannot be fetched, does not fit on the disk, or converts to something else than the catalog says
     */
    public VerifiedModel ensure(CatalogEntry entry, ProgressListener progress) throws IOException {
        Optional<VerifiedModel> present = present(entry, ProgressListener.none());
        if (present.isPresent()) {
            return present.get();
        }
        try {
            return prepareLocked(entry, progress);
        } catch (FileSystemException e) {
            throw new ProvisioningException("the cache cannot be written (" + e + "); set CANDOR_CACHE to a folder that can", e);
        }
    }

    private VerifiedModel prepareLocked(CatalogEntry entry, ProgressListener progress) throws IOException {
        Path root = store.root();
        try (StoreLock _ = StoreLock.acquire(
                root.resolve(".lock"), () -> progress.notice("waiting for another process that prepares models in " + root))) {
            Optional<VerifiedModel> meanwhile = present(entry, progress);
            return meanwhile.isPresent() ? meanwhile.get() : prepare(entry, progress);
        }
    }

    private Optional<VerifiedModel> present(CatalogEntry entry, ProgressListener progress) throws IOException {
        Conversion conversion = entry.conversion();
        try {
            Optional<VerifiedModel> found = store.find(entry.name(), conversion.form());
            if (found.isPresent() && !conversion.accepts(found.get().manifest().digest())) {
                progress.notice("the catalog asks for another conversion of " + entry.name() + " than the cache has; it is made anew");
                return Optional.empty();
            }
            return found;
        } catch (ManifestException e) {
            progress.notice(e.getMessage() + "; it is made anew");
            return Optional.empty();
        }
    }

    private VerifiedModel prepare(CatalogEntry entry, ProgressListener progress) throws IOException {
        Conversion conversion = entry.conversion();
        List<Path> files = fetcher.fetch(entry, progress);
        disk.require(store.root(), conversion.size(), "converting " + entry.name());
        long total = Files.size(files.getFirst());
        ImportRequest request = new ImportRequest(entry.name(), entry.licence(), conversion.form(), conversion.chatTemplate());
        LongConsumer done = bytes -> progress.progress(ProgressListener.Step.CONVERT, entry.file().name(), Math.min(bytes, total), total);
        VerifiedModel model = store.publish(entry.name(), conversion.form(), folder -> {
            ModelManifest manifest = convert(conversion, files, request, folder, done);
            requireExpected(entry, manifest);
            return manifest;
        });
        progress.progress(ProgressListener.Step.CONVERT, entry.file().name(), total, total);
        return model;
    }

    private ModelManifest convert(Conversion conversion, List<Path> files, ImportRequest request, Path folder, LongConsumer done)
            throws IOException {
        return conversion.encoder().isPresent()
                ? encoders.convert(new EncoderFiles(files.getFirst(), files.getLast(), conversion.encoder().get()), request, folder, done)
                : decoders.convert(files.getFirst(), folder, request, done);
    }

    private static void requireExpected(CatalogEntry entry, ModelManifest manifest) throws ProvisioningException {
        if (!entry.conversion().accepts(manifest.digest())) {
            throw new ProvisioningException("converting " + entry.name() + " gave " + manifest.digest() + ", the catalog says "
                    + entry.conversion().manifestDigest() + "; catalog and importer are of different versions");
        }
    }
}
