package dev.candor.hub.store;

import dev.candor.hub.catalog.CatalogEntry;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.VerifiedModel;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The right to write into a cache's store, held by one process and thread at a time. What an earlier writer left unfinished is deleted when the right is
 * taken, what this one leaves when it is given back.
 */
public final class StoreWriting implements Closeable {
    private final ModelStore store;
    private final StoreLock lock;
    private final SourceFetcher fetcher;
    private final DiskSpace disk = new DiskSpace();

    private StoreWriting(ModelStore store, SourceFetcher fetcher, StoreLock lock) {
        this.store = store;
        this.fetcher = fetcher;
        this.lock = lock;
    }

    /**
     * Waits for the right, and says so if it must.
     *
     * @param cache folder of re-creatable state
     */
    public static StoreWriting begin(Path cache, ProgressListener progress) throws IOException {
        ModelStore store = new ModelStore(cache);
        Path root = store.root();
        StoreLock lock = StoreLock.acquire(
                root.resolve(".lock"), () -> progress.notice("waiting for another process that prepares models in " + root));
        StoreWriting writing = new StoreWriting(store, SourceFetcher.ofSystem(cache), lock);
        try {
            store.deleteUnfinished();
            return writing;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** The files that the catalog's model is made from, its weights first, fetched unless they are there. @throws ProvisioningException if no source gives them */
    public List<Path> fetchAll(CatalogEntry entry, ProgressListener progress) throws IOException {
        return fetcher.fetch(entry, progress);
    }

    /** The file that the catalog's model is made from, fetched unless it is there. @throws ProvisioningException if no source gives it */
    public Path fetch(CatalogEntry entry, ProgressListener progress) throws IOException {
        return fetcher.fetch(entry, progress).getFirst();
    }

    /**
     * Puts a model into the store whole, or leaves the store as it is.
     *
     * @param bytes   most that the model's folder can have; the disk must have room for them
     * @param replace whether it may take the place of another model: receipts name a model by what it is called here
     * @throws ImportException if a model with other files has its name and form, and it may not take that one's place
     */
    public VerifiedModel publish(ModelName name, String form, long bytes, boolean replace, ModelStore.FolderWriter writer) throws IOException {
        disk.require(store.root(), bytes, "importing " + name);
        return store.publish(name, form, folder -> {
            ModelManifest made = writer.write(folder);
            if (!replace) {
                requireNoOther(name, form, made);
            }
            return made;
        });
    }

    private void requireNoOther(ModelName name, String form, ModelManifest made) throws IOException {
        Optional<ModelManifest> stored = store.manifest(name, form);
        if (stored.isPresent() && !stored.get().digest().equals(made.digest())) {
            throw new ImportException(name + ":" + form + " is here already and is another model (digest " + stored.get().digest() + ", this one has "
                    + made.digest() + "): receipts name a model by publisher/name@version, so choose another version by --name, or have the one that is here "
                    + "replaced by --replace");
        }
    }

    /** An empty folder that is gone when the right is given back. */
    public Path scratch(long bytes, String purpose) throws IOException {
        disk.require(store.root(), bytes, purpose);
        return Files.createTempDirectory(Files.createDirectories(store.unfinished()), "scratch-");
    }

    @Override
    public void close() throws IOException {
        try {
            store.deleteUnfinished();
        } finally {
            lock.close();
        }
    }
}
