package dev.candor.hub.store;

import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ManifestException;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.VerifiedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The models of a cache, each in {@code models/<publisher>/<name>/<version>-<form>}. A folder appears there whole or not at all; what is handed out was
 * verified against its manifest just before.
 */
public final class ModelStore {
    private static final String INCOMING = ".incoming";

    private final Path models;
    private final ManifestVerifier verifier = new ManifestVerifier();

    /** @param cache folder of re-creatable state ({@code $CANDOR_CACHE}); created when first written to */
    public ModelStore(Path cache) {
        this.models = cache.toAbsolutePath().normalize().resolve("models");
    }

    /** Fills an empty folder with a model's files and their manifest. */
    @FunctionalInterface
    public interface FolderWriter {
        ModelManifest write(Path folder) throws IOException;
    }

    /** Where a model's folder is or would be. */
    public Path folder(ModelName name, ModelForm form) {
        return models.resolve(name.publisher()).resolve(name.name()).resolve(name.version() + "-" + form.label());
    }

    /**
     * The model, if it is there.
     *
     * @throws ManifestException if its folder does not hold what its manifest says
     */
    public Optional<VerifiedModel> find(ModelName name, ModelForm form) throws IOException {
        Path folder = folder(name, form);
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        VerifiedModel model = verifier.verify(folder);
        if (!model.manifest().name().equals(name.toString()) || !model.manifest().form().equals(form.label())) {
            throw new ManifestException(folder + " holds " + model.manifest().name() + " in form " + model.manifest().form());
        }
        return Optional.of(model);
    }

    /**
     * Puts a model into the store in place of what is there under its name: {@code writer} fills a folder beside it, which is verified and then renamed.
     * The caller sees to it that only one thread of one process does so at a time.
     */
    public VerifiedModel publish(ModelName name, ModelForm form, FolderWriter writer) throws IOException {
        Path target = folder(name, form);
        Path incoming = models.resolve(INCOMING).resolve(String.join(",", name.publisher(), name.name(), name.version(), form.label()));
        new FileTree(incoming).delete();
        Files.createDirectories(incoming);
        try {
            writer.write(incoming);
            verifier.verify(incoming);
            new FileTree(incoming).syncNames();
            Files.createDirectories(target.getParent());
            new FileTree(target).delete();
            Files.move(incoming, target, StandardCopyOption.ATOMIC_MOVE);
            new FileTree(target.getParent()).syncNames();
        } finally {
            new FileTree(incoming).delete();
        }
        return find(name, form).orElseThrow(() -> new ManifestException(target + " vanished while it was written"));
    }

    /** The folder that holds all models, created if absent. */
    Path root() throws IOException {
        return Files.createDirectories(models);
    }
}
