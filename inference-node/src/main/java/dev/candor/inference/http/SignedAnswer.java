package dev.candor.inference.http;

import dev.candor.attestation.receipt.ReceiptId;
import java.math.BigInteger;

/**
 * A signed receipt that is not committed yet.
 *
 * @param charged atomic units; zero for a free answer
 */
record SignedAnswer(ReceiptId id, byte[] cose, BigInteger charged, int[] tokens) {}
