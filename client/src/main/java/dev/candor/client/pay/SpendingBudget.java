package dev.candor.client.pay;

import dev.candor.client.pay.SpendingLimitException.Limit;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** Counts what was spent today against {@link SpendingLimits}, in memory or in a file that several processes share. Thread-safe. */
public final class SpendingBudget {
    private final SpendingLimits limits;
    private final SpendingRecord record;
    private final Clock clock;

    private SpendingBudget(SpendingLimits limits, SpendingRecord record, Clock clock) {
        this.limits = limits;
        this.record = record;
        this.clock = clock;
    }

    /**
     * @param file holds {@code YYYY-MM-DD amount}, and {@code host amount} in further lines; made at the first payment
     * @throws IOException if the file is there and cannot be read
     */
    public SpendingBudget(SpendingLimits limits, Path file, Clock clock) throws IOException {
        this(limits, new SpendingFile(file), clock);
        spentToday();
    }

    /** A count that ends with the process. */
    public static SpendingBudget inMemory(SpendingLimits limits, Clock clock) {
        return new SpendingBudget(limits, new SpendingMemory(), clock);
    }

    /**
     * Sets {@code cap} aside before a payment is signed.
     *
     * @param host host and port of the node
     * @throws SpendingLimitException   if a limit would be passed; nothing is set aside then
     * @throws IllegalArgumentException if the cap is negative, which would make room for others
     */
    public void reserve(String host, BigInteger cap) throws SpendingLimitException, IOException {
        if (cap.signum() < 0) {
            throw new IllegalArgumentException("a cap of " + cap + " is negative");
        }
        if (cap.compareTo(limits.perRequest()) > 0) {
            throw new SpendingLimitException(Limit.REQUEST, cap, limits.perRequest(), "the node asks for up to " + new OpgAmount(cap)
                    + " for this request, the limit is " + new OpgAmount(limits.perRequest())
                    + "; lower max_tokens, or raise the limit: withPerRequest in the SDK, --max-per-request on the command line");
        }
        record.update(kept -> {
            SpendingCount count = today(kept).plus(host, cap);
            if (count.spent().compareTo(limits.perDay()) > 0) {
                throw new SpendingLimitException(Limit.DAY, count.spent(), limits.perDay(), "today's payments would come to "
                        + new OpgAmount(count.spent()) + ", the limit is " + new OpgAmount(limits.perDay())
                        + "; wait for tomorrow (UTC), or raise the limit: withPerDay in the SDK, --max-per-day on the command line");
            }
            if (count.at(host).compareTo(limits.perHost()) > 0) {
                throw new SpendingLimitException(Limit.HOST, count.at(host), limits.perHost(), "today's payments to " + host + " would come to "
                        + new OpgAmount(count.at(host)) + ", the limit for one node is " + new OpgAmount(limits.perHost())
                        + "; ask another node, wait for tomorrow (UTC), or raise the limit: withPerHost in the SDK");
            }
            return count;
        });
    }

    /** Replaces a reserved cap by what was charged in the end. */
    public void charge(String host, BigInteger cap, BigInteger charged) throws IOException {
        try {
            record.update(kept -> today(kept).plus(host, charged.subtract(cap)));
        } catch (SpendingLimitException e) {
            throw new IllegalStateException("a charge is not held against limits", e);
        }
    }

    /** What today's payments come to so far. */
    public BigInteger spentToday() throws IOException {
        return today(record.read()).spent();
    }

    /** What today's payments to one node come to so far. */
    public BigInteger spentToday(String host) throws IOException {
        return today(record.read()).at(host);
    }

    private SpendingCount today(Optional<SpendingCount> kept) {
        LocalDate now = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return kept.filter(count -> count.day().equals(now)).orElseGet(() -> SpendingCount.none(now));
    }
}
