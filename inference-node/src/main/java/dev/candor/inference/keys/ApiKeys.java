package dev.candor.inference.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The keys of a running node, as the file has them now: it is looked at before each answer, which costs microseconds. If it is damaged while the node
 * runs, the keys stay as they were. Thread-safe.
 */
public final class ApiKeys {
    private static final System.Logger LOG = System.getLogger(ApiKeys.class.getName());
    private static final Version ABSENT = new Version(0, FileTime.fromMillis(0), "");

    private final ApiKeyFile file;
    private volatile State state;

    /** What tells one state of a file from the next; a file that was replaced has another identity. */
    private record Version(long size, FileTime changed, Object identity) {}

    private record Entry(ApiKey key, byte[] digest) {}

    private record State(Version version, List<Entry> entries) {}

    private ApiKeys(ApiKeyFile file, State state) {
        this.file = file;
        this.state = state;
    }

    /**
     * Reads the file, which need not exist.
     *
     * @throws KeyFileException if it is damaged
     */
    public static ApiKeys open(ApiKeyFile file) throws IOException, KeyFileException {
        Version version = version(file);
        return new ApiKeys(file, new State(version, entries(file)));
    }

    private static List<Entry> entries(ApiKeyFile file) throws IOException, KeyFileException {
        return file.read().stream().map(key -> new Entry(key, key.digest().bytes())).toList();
    }

    private static Version version(ApiKeyFile file) throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(file.path(), BasicFileAttributes.class);
            return new Version(now.size(), now.lastModifiedTime(), Objects.requireNonNullElse(now.fileKey(), ""));
        } catch (NoSuchFileException e) {
            return ABSENT;
        }
    }

    /** The key that was given out as {@code secret}, expired or not. It takes as long whichever it is, and if it is none. */
    public Optional<ApiKey> find(ApiSecret secret) {
        byte[] given = secret.digest().bytes();
        ApiKey found = null;
        for (Entry entry : current().entries()) {
            found = MessageDigest.isEqual(given, entry.digest()) ? entry.key() : found;
        }
        return Optional.ofNullable(found);
    }

    /** All keys, in the order in which they were added. */
    public List<ApiKey> all() {
        return current().entries().stream().map(Entry::key).toList();
    }

    private State current() {
        State now = state;
        try {
            Version version = version(file);
            return version.equals(now.version()) ? now : reread(version);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the key file " + file.path() + " cannot be looked at, the keys stay as they were", e);
            return now;
        }
    }

    private synchronized State reread(Version version) {
        if (!version.equals(state.version())) {
            state = new State(version, reread());
        }
        return state;
    }

    private List<Entry> reread() {
        try {
            return entries(file);
        } catch (IOException | KeyFileException e) {
            LOG.log(System.Logger.Level.ERROR, "{0}; until then the keys stay as they were", e.getMessage());
            return state.entries();
        }
    }
}
