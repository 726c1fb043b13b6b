/**
 * The append-only log: Merkle proofs (RFC 6962, RFC 9162), signed checkpoints (C2SP signed-note, tlog-checkpoint) and the
 * tiles on disk (C2SP tlog-tiles) with their one writer and their offline check.
 */
package dev.candor.attestation.tlog;
