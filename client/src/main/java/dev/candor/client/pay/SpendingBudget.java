package dev.candor.client.pay;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Counts what was spent today against {@link SpendingLimits}. The count is kept in a file, so that a restart does not
 * forget it. Thread-safe within one process.
 */
public final class SpendingBudget {
    private final SpendingLimits limits;
    private final Path file;
    private final Clock clock;
    private LocalDate day;
    private BigInteger spent;

    /**
     * @param file holds {@code YYYY-MM-DD amount}; made at the first payment
     * @throws IOException if the file is there and cannot be read
     */
    public SpendingBudget(SpendingLimits limits, Path file, Clock clock) throws IOException {
        this.limits = limits;
        this.file = file;
        this.clock = clock;
        this.day = LocalDate.MIN;
        this.spent = BigInteger.ZERO;
        if (Files.exists(file)) {
            parse(Files.readString(file).strip());
        }
    }

    /**
     * Sets {@code cap} aside before a payment is signed.
     *
     * @throws SpendingLimitException if a limit would be passed; nothing is set aside then
     */
    public synchronized void reserve(BigInteger cap) throws SpendingLimitException, IOException {
        today();
        if (cap.compareTo(limits.perRequest()) > 0) {
            throw new SpendingLimitException("the node asks for up to " + new OpgAmount(cap) + " for this request, the limit is "
                    + new OpgAmount(limits.perRequest()) + "; lower max_tokens or raise --max-per-request");
        }
        if (spent.add(cap).compareTo(limits.perDay()) > 0) {
            throw new SpendingLimitException("today's payments would come to " + new OpgAmount(spent.add(cap)) + ", the limit is "
                    + new OpgAmount(limits.perDay()) + "; raise --max-per-day or wait for tomorrow (UTC)");
        }
        spent = spent.add(cap);
        save();
    }

    /** Replaces a reserved cap by what was charged in the end. */
    public synchronized void charge(BigInteger cap, BigInteger charged) throws IOException {
        today();
        spent = spent.subtract(cap).add(charged).max(BigInteger.ZERO);
        save();
    }

    /** What today's payments come to so far. */
    public synchronized BigInteger spentToday() {
        today();
        return spent;
    }

    private void today() {
        LocalDate now = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (!now.equals(day)) {
            day = now;
            spent = BigInteger.ZERO;
        }
    }

    private void parse(String text) throws IOException {
        try {
            String[] parts = text.split(" ", 2);
            day = LocalDate.parse(parts[0]);
            spent = new BigInteger(parts[1]);
        } catch (RuntimeException e) {
            throw new IOException(file + " is damaged (\"" + text + "\"); delete it to start today's count anew", e);
        }
    }

    private void save() throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(temporary, day + " " + spent + "\n");
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
