package dev.candor.hub.manifest;

import dev.candor.attestation.digest.Digest;
import java.util.Comparator;
import java.util.List;

/**
 * One file of a model version.
 *
 * @param path   relative, {@code /} between segments, no {@code .} or {@code ..} segment, printable ASCII without {@code \} and {@code :}, at most
 *               255 characters
 * @param size   bytes
 * @param sha256 digest of the bytes
 */
public record ManifestFile(String path, long size, Digest sha256) {
    private static final int MAX_PATH = 255;

    /** The order of OpenSSF model signing: segment by segment, so that {@code a/b} comes before {@code a-b}. */
    public static final Comparator<ManifestFile> ORDER = (a, b) -> compareSegments(a.segments(), b.segments());

    /** @throws IllegalArgumentException if the path or the size is not allowed */
    public ManifestFile {
        if (path.isEmpty() || path.length() > MAX_PATH) {
            throw new IllegalArgumentException("a path has 1 to " + MAX_PATH + " characters, this one has " + path.length());
        }
        if (!path.chars().allMatch(ManifestFile::isAllowed)) {
            throw new IllegalArgumentException("a path has printable ASCII characters but \\ and : only, got: " + printable(path));
        }
        for (String segment : path.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw new IllegalArgumentException("a path is relative and has no empty, '.' or '..' segment, got: " + path);
            }
        }
        if (size < 0) {
            throw new IllegalArgumentException("a size is not negative, got " + size + " for " + path);
        }
    }

    private List<String> segments() {
        return List.of(path.split("/"));
    }

    private static boolean isAllowed(int c) {
        return c >= 0x20 && c < 0x7f && c != '\\' && c != ':';
    }

    private static String printable(String path) {
        return path.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static int compareSegments(List<String> a, List<String> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = a.get(i).compareTo(b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }
}
