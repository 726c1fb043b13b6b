package dev.candor.hub.store;

import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ManifestException;
import dev.candor.hub.manifest.ManifestReader;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.VerifiedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The models of a cache, each in {@code models/<publisher>/<name>/<version>-<form>}. A folder appears there whole or not at all; what is handed out was
 * verified against its manifest just before.
 */
public final class ModelStore {
    private static final String INCOMING = ".incoming";
    private static final Pattern FORM = Pattern.compile("[a-z0-9]{1,16}");

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

    /** A model that is in the store; its bytes were not looked at. */
    public record Stored(ModelName name, String form, Path folder) {}

    /** Where a model's folder is or would be. */
    public Path folder(ModelName name, ModelForm form) {
        return folder(name, form.label());
    }

    /**
     * Where a model's folder is or would be.
     *
     * @param form label of its precision
     * @throws IllegalArgumentException if the label is none
     */
    public Path folder(ModelName name, String form) {
        if (!FORM.matcher(form).matches()) {
            throw new IllegalArgumentException("a form is 1 to 16 characters of a-z 0-9, not \"" + form + "\"");
        }
        return models.resolve(name.publisher()).resolve(name.name()).resolve(name.version() + "-" + form);
    }

    /** All models in the store, ordered by name and form. */
    public List<Stored> list() throws IOException {
        List<Stored> found = new ArrayList<>();
        for (Path publisher : folders(models)) {
            for (Path name : folders(publisher)) {
                for (Path version : folders(name)) {
                    stored(publisher, name, version).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private static Optional<Stored> stored(Path publisher, Path name, Path version) {
        String last = version.getFileName().toString();
        int dash = last.lastIndexOf('-');
        if (dash < 0 || !FORM.matcher(last.substring(dash + 1)).matches() || !Files.isRegularFile(version.resolve(ModelManifest.FILE_NAME))) {
            return Optional.empty();
        }
        try {
            ModelName full = new ModelName(publisher.getFileName().toString(), name.getFileName().toString(), last.substring(0, dash));
            return Optional.of(new Stored(full, last.substring(dash + 1), version));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static List<Path> folders(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)).sorted().toList();
        }
    }

    /** As {@link #find(ModelName, String)}. */
    public Optional<VerifiedModel> find(ModelName name, ModelForm form) throws IOException {
        return find(name, form.label());
    }

    /**
     * The model, if it is there.
     *
     * @throws ManifestException if its folder does not hold what its manifest says
     */
    public Optional<VerifiedModel> find(ModelName name, String form) throws IOException {
        Path folder = folder(name, form);
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        VerifiedModel model = verifier.verify(folder);
        if (!model.manifest().name().equals(name.toString()) || !model.manifest().form().equals(form)) {
            throw new ManifestException(folder + " holds " + model.manifest().name() + " in form " + model.manifest().form());
        }
        return Optional.of(model);
    }

    /** What the model's manifest says, not compared with its files; empty if there is no such model, or no manifest that can be read. */
    Optional<ModelManifest> manifest(ModelName name, String form) throws IOException {
        Path file = folder(name, form).resolve(ModelManifest.FILE_NAME);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > ManifestReader.MAX_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ManifestReader().read(Files.readAllBytes(file)));
        } catch (ManifestException _) {
            return Optional.empty();
        }
    }

    /** As {@link #publish(ModelName, String, FolderWriter)}. */
    public VerifiedModel publish(ModelName name, ModelForm form, FolderWriter writer) throws IOException {
        return publish(name, form.label(), writer);
    }

    /**
     * Puts a model into the store in place of what is there under its name: {@code writer} fills a folder beside it, which is verified and then renamed.
     * The caller sees to it that only one thread of one process does so at a time.
     */
    public VerifiedModel publish(ModelName name, String form, FolderWriter writer) throws IOException {
        Path target = folder(name, form);
        Path incoming = models.resolve(INCOMING).resolve(String.join(",", name.publisher(), name.name(), name.version(), form));
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

    /** Where folders are filled before they are put into place. */
    Path unfinished() {
        return models.resolve(INCOMING);
    }

    /** Deletes what interrupted writers left; the caller sees to it that nobody writes. */
    void deleteUnfinished() throws IOException {
        new FileTree(unfinished()).delete();
    }

    /** The folder that holds all models, created if absent. */
    Path root() throws IOException {
        return Files.createDirectories(models);
    }
}
