package dev.candor.hub.manifest;

import dev.candor.attestation.digest.Digest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The files of one model version and their root digest.
 *
 * @param name    {@code publisher/name@version}
 * @param form    the precision, for example {@code q8}
 * @param licence SPDX identifier
 * @param files   every file of the folder but the manifest itself, sorted by {@link ManifestFile#ORDER}, no path twice
 * @param digest  OpenSSF model signing root digest over {@code files}
 * @param converter version of the converter that made the graph, not covered by the digest; 0 for a graph that was taken as it is, or made before
 *                  versions were noted
 */
public record ModelManifest(String name, String form, String licence, List<ManifestFile> files, Digest digest, int converter) {
    /** Version of this program's converter: one more whenever it makes another graph of the same weights. */
    public static final int CONVERTER = 1;

    /** Name of the manifest's own file within a model's folder. */
    public static final String FILE_NAME = "manifest.json";

    /** @throws IllegalArgumentException if the files are unsorted or repeated, name the manifest itself, or do not give {@code digest} */
    public ModelManifest {
        files = List.copyOf(files);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < files.size(); i++) {
            String path = files.get(i).path();
            if (!seen.add(path)) {
                throw new IllegalArgumentException("the manifest lists " + path + " twice");
            }
            if (path.equals(FILE_NAME)) {
                throw new IllegalArgumentException("the manifest lists itself");
            }
            if (i > 0 && ManifestFile.ORDER.compare(files.get(i - 1), files.get(i)) > 0) {
                throw new IllegalArgumentException("the manifest's files are not sorted: " + path + " comes too late");
            }
        }
        if (converter < 0) {
            throw new IllegalArgumentException("a converter's version is not negative: " + converter);
        }
        Digest root = rootDigest(files);
        if (!root.equals(digest)) {
            throw new IllegalArgumentException("the manifest states root digest " + digest + " but its files give " + root);
        }
    }

    /** As the main constructor, of a graph that was taken as it is. */
    public ModelManifest(String name, String form, String licence, List<ManifestFile> files, Digest digest) {
        this(name, form, licence, files, digest, 0);
    }

    /** The same, of a graph that this program's converter has made. */
    public ModelManifest converted() {
        return new ModelManifest(name, form, licence, files, digest, CONVERTER);
    }

    /** The manifest of {@code files}, which may come in any order. */
    public static ModelManifest of(String name, String form, String licence, List<ManifestFile> files) {
        List<ManifestFile> sorted = files.stream().sorted(ManifestFile.ORDER).toList();
        return new ModelManifest(name, form, licence, sorted, rootDigest(sorted));
    }

    /**
     * SHA-256 over the concatenated digests (32 bytes each) of {@code files} in their order: the subject digest of OpenSSF model signing v1.0,
     * serialisation method {@code files}.
     */
    public static Digest rootDigest(List<ManifestFile> files) {
        return Digest.sha256(files.stream().map(file -> file.sha256().bytes()).toArray(byte[][]::new));
    }

    /** Sum of the files' sizes in bytes. */
    public long totalSize() {
        return files.stream().mapToLong(ManifestFile::size).sum();
    }
}
