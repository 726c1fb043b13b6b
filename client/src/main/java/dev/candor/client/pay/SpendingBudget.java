package dev.candor.client.pay;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Counts what was spent today against {@link SpendingLimits}. The count is kept in a file under a lock, so that neither a restart forgets it nor
 * another process with the same wallet. Thread-safe.
 */
public final class SpendingBudget {
    private final SpendingLimits limits;
    private final Path file;
    private final Clock clock;

    /** A day's count. */
    private record Count(LocalDate day, BigInteger spent) {}

    /**
     * @param file holds {@code YYYY-MM-DD amount}; made at the first payment
     * @throws IOException if the file is there and cannot be read
     */
    public SpendingBudget(SpendingLimits limits, Path file, Clock clock) throws IOException {
        this.limits = limits;
        this.file = file;
        this.clock = clock;
        today();
    }

    /**
     * Sets {@code cap} aside before a payment is signed.
     *
     * @throws SpendingLimitException if a limit would be passed; nothing is set aside then
     */
    public synchronized void reserve(BigInteger cap) throws SpendingLimitException, IOException {
        if (cap.compareTo(limits.perRequest()) > 0) {
            throw new SpendingLimitException("the node asks for up to " + new OpgAmount(cap) + " for this request, the limit is "
                    + new OpgAmount(limits.perRequest()) + "; lower max_tokens or raise --max-per-request");
        }
        try (FileChannel channel = lockFile(); FileLock _ = channel.lock()) {
            Count count = today();
            BigInteger spent = count.spent().add(cap);
            if (spent.compareTo(limits.perDay()) > 0) {
                throw new SpendingLimitException("today's payments would come to " + new OpgAmount(spent) + ", the limit is "
                        + new OpgAmount(limits.perDay()) + "; raise --max-per-day or wait for tomorrow (UTC)");
            }
            save(new Count(count.day(), spent));
        }
    }

    /** Replaces a reserved cap by what was charged in the end. */
    public synchronized void charge(BigInteger cap, BigInteger charged) throws IOException {
        try (FileChannel channel = lockFile(); FileLock _ = channel.lock()) {
            Count count = today();
            save(new Count(count.day(), count.spent().subtract(cap).add(charged).max(BigInteger.ZERO)));
        }
    }

    /** What today's payments come to so far. */
    public synchronized BigInteger spentToday() throws IOException {
        return today().spent();
    }

    private Count today() throws IOException {
        LocalDate now = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        Count none = new Count(now, BigInteger.ZERO);
        if (!Files.exists(file)) {
            return none;
        }
        Count kept = parse(Files.readString(file).strip());
        return kept.day().equals(now) ? kept : none;
    }

    private Count parse(String text) throws IOException {
        try {
            String[] parts = text.split(" ", 2);
            return new Count(LocalDate.parse(parts[0]), new BigInteger(parts[1]));
        } catch (RuntimeException e) {
            throw new IOException(file + " is damaged (\"" + text + "\"); delete it to start today's count anew", e);
        }
    }

    private FileChannel lockFile() throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return FileChannel.open(
                file.resolveSibling(file.getFileName() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private void save(Count count) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(temporary, count.day() + " " + count.spent() + "\n");
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
