package dev.candor.settlement.ledger;

import dev.candor.attestation.digest.Digest;
import java.math.BigInteger;
import java.time.Instant;

/** A verified authorization about to be taken for one request; members as in {@link Payment}. */
public record Reservation(PaymentKey key, BigInteger cap, Instant deadline, Digest bodyDigest, String payloadJson) {}
