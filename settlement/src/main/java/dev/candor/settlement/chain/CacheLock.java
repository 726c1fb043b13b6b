package dev.candor.settlement.chain;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/** A lock on a file that keeps other processes, and other threads of this one, out. */
final class CacheLock implements AutoCloseable {
    private static final long RETRY_MILLIS = 50;

    private final FileChannel channel;

    private CacheLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits for the lock for at most {@code limit}. */
    static CacheLock acquire(Path file, Duration limit) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        do {
            Optional<CacheLock> lock = tryAcquire(file);
            if (lock.isPresent()) {
                return lock.get();
            }
            try {
                Thread.sleep(RETRY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for " + file);
            }
        } while (System.nanoTime() < end);
        throw new IOException("another process has held " + file + " for " + limit.toSeconds() + " s");
    }

    /** The lock, or nothing if somebody else has it. */
    static Optional<CacheLock> tryAcquire(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            lock = null;
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock == null ? Optional.empty() : Optional.of(new CacheLock(channel));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
