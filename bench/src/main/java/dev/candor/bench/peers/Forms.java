package dev.candor.bench.peers;

import dev.candor.hub.catalog.CatalogEntry;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.importer.GgufImporter;
import dev.candor.hub.importer.ImportRequest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.store.ModelProvisioner;
import dev.candor.hub.store.ModelStore;
import dev.candor.hub.store.ProgressListener;
import dev.candor.inference.engine.ort.OrtGraphCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The demo chat model in its forms, fetched and converted where that is still to do. */
public final class Forms {
    private static final String DEMO = "smollm2-135m-instruct";

    private final Path cache;
    private final CatalogEntry entry;

    public Forms(Path cache) throws IOException {
        this.cache = cache;
        this.entry = ModelCatalog.bundled().find(DEMO).orElseThrow(() -> new IOException("the catalog has no " + DEMO));
    }

    /** The model's short name, for {@code --model}. */
    String alias() {
        return DEMO;
    }

    /** The published file. */
    Path gguf() throws IOException {
        served();
        return cache.resolve("packages").resolve(entry.file().name());
    }

    /** The form that the catalog serves. */
    private VerifiedModel served() throws IOException {
        return new ModelProvisioner(cache, new OrtGraphCheck(cache.resolve("natives"))).ensure(entry, ProgressListener.none());
    }

    /** @throws IllegalArgumentException if there is no such form */
    public VerifiedModel model(String form) throws IOException {
        VerifiedModel served = served();
        if (served.config().form().equals(form)) {
            return served;
        }
        ModelStore store = new ModelStore(cache);
        ModelForm wanted = ModelForm.of(form);
        Path stamp = cache.resolve("bench").resolve("forms").resolve(form);
        String source = served.manifest().digest().toString();
        Optional<VerifiedModel> present = isFrom(stamp, source) ? store.find(entry.name(), wanted) : Optional.empty();
        return present.isPresent() ? present.get() : convert(store, wanted, stamp, source);
    }

    /** A form made by an earlier importer has an older graph; the digest of the served form tells importers apart. */
    private static boolean isFrom(Path stamp, String source) throws IOException {
        return Files.exists(stamp) && Files.readString(stamp).equals(source);
    }

    private VerifiedModel convert(ModelStore store, ModelForm form, Path stamp, String source) throws IOException {
        System.out.println("converting " + entry.name() + " to " + form.label() + " …");
        ImportRequest request = new ImportRequest(entry.name(), entry.licence(), form, Optional.empty());
        Path gguf = cache.resolve("packages").resolve(entry.file().name());
        VerifiedModel made = store.publish(entry.name(), form, folder -> new GgufImporter().convert(gguf, folder, request));
        Files.createDirectories(stamp.getParent());
        Files.writeString(stamp, source);
        return made;
    }
}
