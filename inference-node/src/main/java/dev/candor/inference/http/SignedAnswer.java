package dev.candor.inference.http;

import dev.candor.attestation.receipt.ReceiptId;
import java.math.BigInteger;
import java.util.List;

/**
 * A signed receipt that is not committed yet.
 *
 * @param charged atomic units; zero for a free answer
 * @param tokens  per choice; empty where none were generated
 */
record SignedAnswer(ReceiptId id, byte[] cose, BigInteger charged, List<int[]> tokens) {}
