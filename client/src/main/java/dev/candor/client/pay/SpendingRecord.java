package dev.candor.client.pay;

import java.io.IOException;
import java.util.Optional;

/** Where the day's count is kept. */
interface SpendingRecord {
    /** The count kept last, of whatever day. */
    Optional<SpendingCount> read() throws IOException;

    /** Reads, changes and writes while nobody else does. */
    void update(Change change) throws IOException, SpendingLimitException;

    /** A change of a count that may be refused. */
    interface Change {
        SpendingCount apply(Optional<SpendingCount> kept) throws SpendingLimitException;
    }
}
