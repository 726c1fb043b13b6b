package dev.candor.settlement.ledger;

import java.math.BigInteger;

/**
 * Sums over the ledger, in atomic units.
 *
 * @param reserved      caps of payments at work
 * @param unsettled     charged, not yet settled
 * @param settled       moved on the chain
 * @param writtenOff    charged and never to be settled
 * @param unsettledCaps caps of everything reserved, charged or settling: what {@code --max-exposure} bounds
 * @param receipts      how many receipts there are
 */
public record LedgerTotals(
        BigInteger reserved,
        BigInteger unsettled,
        BigInteger settled,
        BigInteger writtenOff,
        BigInteger unsettledCaps,
        long receipts) {}
