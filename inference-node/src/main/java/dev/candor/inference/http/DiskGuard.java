package dev.candor.inference.http;

import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Keeps the node's own state within its bound, and some of the disk free. Thread-safe. */
public final class DiskGuard {
    /** Bytes that are always left to others. */
    public static final long MIN_FREE = 64L * 1024 * 1024;

    private final Path home;
    private final List<Path> state;
    private final long maxBytes;
    private volatile String problem;

    /**
     * @param home     names the disk whose free space counts
     * @param state    files and folders that grow with requests
     * @param maxBytes what {@code state} may take
     */
    public DiskGuard(Path home, List<Path> state, long maxBytes) {
        this.home = home;
        this.state = List.copyOf(state);
        this.maxBytes = maxBytes;
    }

    /** Looks at the disk; to be called every few seconds. */
    public void check() {
        try {
            long free = Files.getFileStore(home).getUsableSpace();
            long used = 0;
            for (Path each : state) {
                used += size(each);
            }
            if (free < MIN_FREE) {
                problem = "less than " + MIN_FREE / (1024 * 1024) + " MiB are free";
            } else {
                problem = used > maxBytes ? "its state takes " + used + " bytes, more than --max-disk " + maxBytes : null;
            }
        } catch (IOException | UncheckedIOException e) {
            problem = "it cannot be read";
        }
    }

    /** @throws ApiException 503 while nothing more may be written */
    void requireSpace() throws ApiException {
        String now = problem;
        if (now != null) {
            throw new ApiException(ErrorCode.DISK_FULL, "The node's disk is full: " + now + ".").header("retry-after", "60");
        }
    }

    private static long size(Path path) throws IOException {
        if (Files.notExists(path)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(path)) {
            return files.mapToLong(DiskGuard::sizeOfFile).sum();
        }
    }

    private static long sizeOfFile(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
