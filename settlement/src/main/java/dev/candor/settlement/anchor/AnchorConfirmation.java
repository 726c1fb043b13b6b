package dev.candor.settlement.anchor;

import dev.candor.attestation.crypto.EvmAddress;
import java.time.Instant;

/**
 * What the chain shows of an anchor.
 *
 * @param confirmations blocks from its own to the newest one, both counted
 * @param time          of its block
 */
public record AnchorConfirmation(EvmAddress account, long index, long blockNumber, long confirmations, Instant time) {}
