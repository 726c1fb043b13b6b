package dev.candor.settlement.anchor;

import dev.candor.attestation.digest.Digest;
import java.time.Instant;

/** An anchor that was handed to the outbox under {@code key} and is not confirmed yet. */
record PendingAnchor(String key, long size, Digest root, Instant madeAt) {}
