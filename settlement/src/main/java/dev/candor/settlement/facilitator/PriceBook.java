package dev.candor.settlement.facilitator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each model costs. A price that was replaced is honoured for five minutes more, so that a payer who got the old offer
 * can still pay by it. Thread-safe.
 */
public final class PriceBook {
    /** How long an offer stays good after a price change. */
    public static final Duration GRACE = Duration.ofMinutes(5);

    /** More price changes than this within the grace push the oldest prices out. */
    private static final int REPLACED_PER_MODEL = 16;

    private final Clock clock;
    private final Map<String, Entry> entries = new HashMap<>();

    public PriceBook(Clock clock) {
        this.clock = clock;
    }

    /** Sets the price of {@code model} from now on. */
    public synchronized void set(String model, Price price) {
        Entry before = entries.get(model);
        if (before != null && before.current.equals(price)) {
            return;
        }
        Instant now = clock.instant();
        List<Replaced> replaced = new ArrayList<>();
        if (before != null) {
            replaced.add(new Replaced(before.current, now.plus(GRACE)));
            before.replaced.stream()
                    .filter(old -> old.isHonouredAt(now) && !old.price.equals(price))
                    .limit(REPLACED_PER_MODEL - 1L)
                    .forEach(replaced::add);
        }
        entries.put(model, new Entry(price, List.copyOf(replaced)));
    }

    /** The price a new offer names; empty for a model without a price. */
    public synchronized Optional<Price> current(String model) {
        return Optional.ofNullable(entries.get(model)).map(Entry::current);
    }

    /** The current price first, then those replaced less than {@link #GRACE} ago, newest first; empty without a price. */
    public synchronized List<Price> honoured(String model) {
        Entry entry = entries.get(model);
        if (entry == null) {
            return List.of();
        }
        Instant now = clock.instant();
        List<Price> prices = new ArrayList<>();
        prices.add(entry.current);
        entry.replaced.stream().filter(old -> old.isHonouredAt(now)).map(Replaced::price).forEach(prices::add);
        return prices;
    }

    private record Entry(Price current, List<Replaced> replaced) {}

    private record Replaced(Price price, Instant until) {
        boolean isHonouredAt(Instant now) {
            return now.isBefore(until);
        }
    }
}
