package dev.candor.inference.importer;

import dev.candor.hub.catalog.CatalogEntry;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.importer.GgufImporter;
import dev.candor.hub.importer.ImportRequest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.rewrite.GraphCheck;
import dev.candor.hub.store.ModelProvisioner;
import dev.candor.hub.store.ProgressListener;
import dev.candor.hub.store.ProvisioningException;
import dev.candor.inference.engine.testing.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** The demo model of the catalog, fetched into the shared cache once; without it the tests that need it are skipped. */
final class DemoModel {
    private final Path cache;
    private final CatalogEntry entry;
    private final VerifiedModel served;

    DemoModel() throws IOException {
        cache = Models.cache();
        entry = ModelCatalog.bundled().entries().getFirst();
        served = provision();
    }

    private VerifiedModel provision() throws IOException {
        try {
            return new ModelProvisioner(cache, GraphCheck.none()).ensure(entry, ProgressListener.none());
        } catch (ProvisioningException e) {
            return Assumptions.abort("the demo model is not here: " + e.getMessage());
        }
    }

    /** The model in the form that the catalog serves. */
    VerifiedModel served() {
        return served;
    }

    /** Where the native libraries are kept unpacked. */
    Path natives() {
        return Models.natives();
    }

    /** The file that the model is made from, if the cache still has it. */
    Path gguf() {
        Path gguf = cache.resolve("packages").resolve(entry.file().name());
        Assumptions.assumeTrue(Files.isRegularFile(gguf), "the demo model's GGUF file is not in the cache");
        return gguf;
    }

    /** Converts the model to {@code form} in {@code folder}, which is created. */
    VerifiedModel convert(ModelForm form, Path folder) throws IOException {
        Files.createDirectories(folder);
        new GgufImporter().convert(gguf(), folder, new ImportRequest(entry.name(), entry.licence(), form, Optional.empty()));
        return new ManifestVerifier().verify(folder);
    }
}
