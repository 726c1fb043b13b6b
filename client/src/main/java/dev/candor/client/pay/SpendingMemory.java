package dev.candor.client.pay;

import java.util.Optional;

/** The day's count of this process alone. */
final class SpendingMemory implements SpendingRecord {
    private Optional<SpendingCount> kept = Optional.empty();

    @Override
    public synchronized Optional<SpendingCount> read() {
        return kept;
    }

    @Override
    public synchronized void update(Change change) throws SpendingLimitException {
        kept = Optional.of(change.apply(kept));
    }
}
