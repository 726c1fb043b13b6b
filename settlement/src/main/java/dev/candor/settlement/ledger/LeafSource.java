package dev.candor.settlement.ledger;

import java.util.List;

/** The log entries that are durable, numbered without gaps from 0; what the log is written from and checked against. */
public interface LeafSource {
    /** At most {@code limit} log entries from index {@code from} on, in order. */
    List<byte[]> leaves(long from, int limit);

    long leafCount();
}
