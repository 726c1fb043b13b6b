package dev.candor.inference.http;

import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

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
        } catch (IOException e) {
            problem = "it cannot be read";
        }
    }

    /** Why nothing more may be written; empty while it may. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** @throws ApiException 503 while nothing more may be written */
    void requireSpace() throws ApiException {
        String now = problem;
        if (now != null) {
            throw new ApiException(ErrorCode.DISK_FULL, "The node's disk is full: " + now + ".");
        }
    }

    /** Files may come and go meanwhile. */
    private static long size(Path path) throws IOException {
        long[] sum = {0};
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException gone) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }
}
