package dev.candor.hub.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks the file system for room before bytes are written. */
public final class DiskSpace {
    /** Usable bytes where a path lies. */
    @FunctionalInterface
    public interface Probe {
        long usableBytes(Path folder) throws IOException;
    }

    private static final long RESERVE = 64L << 20;

    private final Probe probe;

    /** Asks the operating system. */
    public DiskSpace() {
        this(folder -> Files.getFileStore(folder).getUsableSpace());
    }

    public DiskSpace(Probe probe) {
        this.probe = probe;
    }

    /** @throws ProvisioningException unless {@code folder}'s disk has room for {@code bytes} and 64 MiB more */
    public void require(Path folder, long bytes, String purpose) throws IOException {
        long usable = probe.usableBytes(folder);
        if (usable < bytes + RESERVE) {
            throw new ProvisioningException(purpose + " needs " + mebibytes(bytes + RESERVE) + " MiB, but only " + mebibytes(usable)
                    + " MiB are free in " + folder + "; free some space or set CANDOR_CACHE to another disk");
        }
    }

    private static long mebibytes(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }
}
