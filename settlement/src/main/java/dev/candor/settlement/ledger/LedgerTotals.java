package dev.candor.settlement.ledger;

import java.math.BigInteger;

/**
 * Sums over the ledger, in atomic units.
 *
 * @param reserved   caps of payments at work
 * @param unsettled  charged, not yet settled
 * @param settled    moved on the chain
 * @param writtenOff charged and never to be settled
 * @param receipts   how many receipts there are
 */
public record LedgerTotals(BigInteger reserved, BigInteger unsettled, BigInteger settled, BigInteger writtenOff, long receipts) {}
