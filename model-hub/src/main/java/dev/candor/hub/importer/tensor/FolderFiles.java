package dev.candor.hub.importer.tensor;

import dev.candor.hub.manifest.ManifestFile;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.ManifestWriter;
import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.manifest.ModelName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** The files of a model's folder as they are written, each on the device before the next, and their manifest at the end. */
public final class FolderFiles {
    private static final int BUFFER = 1 << 20;

    private final ManifestWriter manifests = new ManifestWriter();
    private final Path folder;
    private final List<ManifestFile> files = new ArrayList<>();

    /** @param folder exists and is empty */
    public FolderFiles(Path folder) {
        this.folder = folder;
    }

    /** Writes a new file. */
    public void write(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes, StandardOpenOption.CREATE_NEW);
        done(name);
    }

    /** Copies a file. @param copied gets the number of its bytes copied so far */
    public void copy(Path from, String name, LongConsumer copied) throws IOException {
        Path to = folder.resolve(name);
        Files.createDirectories(to.getParent());
        byte[] buffer = new byte[BUFFER];
        long bytes = 0;
        try (InputStream in = Files.newInputStream(from); OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
            for (int length; (length = in.read(buffer)) >= 0; ) {
                out.write(buffer, 0, length);
                bytes += length;
                copied.accept(bytes);
            }
        }
        done(name);
    }

    private void done(String name) throws IOException {
        Path file = folder.resolve(name);
        force(file);
        files.add(new ManifestFile(name, Files.size(file), ManifestVerifier.hash(file, bytes -> {})));
    }

    /** Writes the manifest of all files. */
    public ModelManifest manifest(ModelName name, String form, String licence) throws IOException {
        ModelManifest manifest = ModelManifest.of(name.toString(), form, licence, files);
        Path file = folder.resolve(ModelManifest.FILE_NAME);
        Files.write(file, manifests.write(manifest), StandardOpenOption.CREATE_NEW);
        force(file);
        return manifest;
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
