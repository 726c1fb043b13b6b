package dev.candor.settlement.ledger;

import dev.candor.attestation.receipt.ReceiptId;

/** A receipt and its place in the log. */
public record StoredReceipt(ReceiptId id, byte[] cose, long leafIndex) {}
