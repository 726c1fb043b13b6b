package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;

/**
 * One anchor as the contract reported it.
 *
 * @param account who anchored
 * @param index   counts the account's anchors from zero
 * @param origin  SHA-256 of the log's origin line
 * @param size    leaves in the log
 * @param root    the log's root over them
 * @param head    the account's chain of anchors up to this one, 64 hexadecimal digits
 */
public record AnchorEvent(EvmAddress account, long index, Digest origin, long size, Digest root, String head) {}
