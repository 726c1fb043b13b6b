package dev.candor.settlement.chain;

import java.util.List;

/**
 * What became of a mined transaction.
 *
 * @param hash      {@code 0x} and 64 lower-case hexadecimal digits
 * @param succeeded false if it was reverted
 */
public record TransactionResult(
        String hash, long blockNumber, String blockHash, boolean succeeded, long gasUsed, List<EventLog> logs) {}
