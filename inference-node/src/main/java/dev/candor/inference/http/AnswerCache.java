package dev.candor.inference.http;

import dev.candor.settlement.ledger.PaymentKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finished answers of paid requests, in memory only, so that a client that lost its connection gets what it paid for, byte
 * for byte. The oldest go first when the bound is reached. Thread-safe.
 */
public final class AnswerCache {
    public static final Duration LIFETIME = Duration.ofMinutes(10);
    public static final long MAX_BYTES = 64L * 1024 * 1024;
    private static final int ENTRY_OVERHEAD = 1024;

    private final Clock clock;
    private final Duration lifetime;
    private final long maxBytes;
    private final Map<PaymentKey, Entry> answers = new LinkedHashMap<>();
    private long bytes;

    private record Entry(Reply answer, Instant until) {
        long size() {
            return answer.body().length + (long) ENTRY_OVERHEAD;
        }
    }

    public AnswerCache(Clock clock, Duration lifetime, long maxBytes) {
        this.clock = clock;
        this.lifetime = lifetime;
        this.maxBytes = maxBytes;
    }

    public synchronized void put(PaymentKey payment, Reply answer) {
        remove(payment);
        Entry entry = new Entry(answer, clock.instant().plus(lifetime));
        if (entry.size() > maxBytes) {
            return;
        }
        answers.put(payment, entry);
        bytes += entry.size();
        evict();
    }

    public synchronized Optional<Reply> get(PaymentKey payment) {
        evict();
        return Optional.ofNullable(answers.get(payment)).map(Entry::answer);
    }

    public synchronized void remove(PaymentKey payment) {
        Entry old = answers.remove(payment);
        if (old != null) {
            bytes -= old.size();
        }
    }

    /** Forgets what is past its time or over the bound; entries lie in the order of their times. */
    private void evict() {
        Instant now = clock.instant();
        for (Iterator<Entry> oldest = answers.values().iterator(); oldest.hasNext(); ) {
            Entry entry = oldest.next();
            if (bytes <= maxBytes && entry.until().isAfter(now)) {
                return;
            }
            oldest.remove();
            bytes -= entry.size();
        }
    }
}
