package dev.candor.hub.manifest;

import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares a model's folder with its manifest: every listed file is there with its size and digest, no other file is, none is a link. The whole of the
 * bytes is hashed each time; on a machine with SHA instructions that costs less than reading them from disk.
 */
public final class ManifestVerifier {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 16;

    private final ManifestReader reader = new ManifestReader();
    private final ServingConfigJson configs = new ServingConfigJson();

    /**
     * Verifies all of {@code folder}.
     *
     * @throws ManifestException if anything differs; the message names the file and what differs
     */
    public VerifiedModel verify(Path folder) throws IOException {
        return verify(folder, bytes -> {});
    }

    /** As {@link #verify(Path)}; {@code progress} gets the number of bytes hashed so far. */
    public VerifiedModel verify(Path folder, LongConsumer progress) throws IOException {
        Path root = folder.toAbsolutePath().normalize();
        ModelManifest manifest = reader.read(readBounded(root.resolve(ModelManifest.FILE_NAME), ManifestReader.MAX_BYTES));
        Map<String, ManifestFile> expected = manifest.files().stream().collect(Collectors.toMap(ManifestFile::path, Function.identity()));
        Map<String, Path> present = list(root);
        for (String path : present.keySet()) {
            if (!expected.containsKey(path)) {
                throw new ManifestException(root + " holds " + path + ", which its manifest does not list");
            }
        }
        long hashed = 0;
        for (ManifestFile file : manifest.files()) {
            Path actual = present.get(file.path());
            if (actual == null) {
                throw new ManifestException(root + " lacks " + file.path() + ", which its manifest lists");
            }
            check(actual, file, hashed, progress);
            hashed += file.size();
        }
        return new VerifiedModel(root, manifest, config(root, manifest));
    }

    private ServingConfig config(Path root, ModelManifest manifest) throws IOException {
        ServingConfig config = configs.read(readBounded(root.resolve(ServingConfigJson.FILE_NAME), ServingConfigJson.MAX_BYTES));
        List<String> listed = manifest.files().stream().map(ManifestFile::path).toList();
        List<String> needs = new ArrayList<>(config.files());
        needs.add(ServingConfigJson.FILE_NAME);
        for (String needed : needs) {
            if (!listed.contains(needed)) {
                throw new ManifestException("the manifest of " + root + " does not list " + needed + ", which serving needs");
            }
        }
        if (!config.form().equals(manifest.form())) {
            throw new ManifestException("the manifest of " + root + " says form " + manifest.form() + ", its configuration " + config.form());
        }
        return config;
    }

    private static void check(Path actual, ManifestFile file, long before, LongConsumer progress) throws IOException {
        long size = Files.size(actual);
        if (size != file.size()) {
            throw new ManifestException(actual + " has " + size + " bytes, its manifest says " + file.size());
        }
        Digest digest = hash(actual, done -> progress.accept(before + done));
        if (!digest.equals(file.sha256())) {
            throw new ManifestException(actual + " has digest " + digest + ", its manifest says " + file.sha256());
        }
    }

    /** The digest of the file {@code path}, which must not be a link; {@code progress} gets the number of bytes hashed so far. */
    public static Digest hash(Path path, LongConsumer progress) throws IOException {
        MessageDigest sha = Digest.newSha256();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long done = 0;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            while (channel.read(buffer.clear()) >= 0) {
                sha.update(buffer.flip());
                done += buffer.limit();
                progress.accept(done);
            }
        }
        return Digest.of(sha.digest());
    }

    private static Map<String, Path> list(Path root) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root, MAX_DEPTH)) {
            for (Path path : (Iterable<Path>) walk::iterator) {
                String name = root.relativize(path).toString().replace(path.getFileSystem().getSeparator(), "/");
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    files.put(name, path);
                } else if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    throw new ManifestException(path + " is neither a plain file nor a folder; a model's folder holds no links");
                }
                if (path.getNameCount() - root.getNameCount() >= MAX_DEPTH) {
                    throw new ManifestException(path + " lies more than " + MAX_DEPTH + " folders deep");
                }
                if (files.size() > ManifestReader.MAX_FILES + 1) {
                    throw new ManifestException(root + " holds more than " + ManifestReader.MAX_FILES + " files");
                }
            }
        }
        files.remove(ModelManifest.FILE_NAME);
        return files;
    }

    private static byte[] readBounded(Path path, int max) throws IOException {
        try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(max + 1);
            if (bytes.length > max) {
                throw new ManifestException(path + " has more than " + max + " bytes");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new ManifestException(path + " is missing", e);
        }
    }
}
