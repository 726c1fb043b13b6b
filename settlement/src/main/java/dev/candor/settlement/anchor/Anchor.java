package dev.candor.settlement.anchor;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;
import java.time.Instant;

/**
 * A root of the log that is on the chain, with enough confirmations.
 *
 * @param account     who anchored
 * @param size        leaves in the log
 * @param root        the log's root over them
 * @param checkpoint  the signed note (C2SP tlog-checkpoint) with this size and root
 * @param transaction {@code 0x} and 64 hexadecimal digits
 * @param index       counts the account's anchors from zero
 * @param head        the account's chain of anchors up to this one, 64 hexadecimal digits
 * @param madeAt      when it was decided on
 */
public record Anchor(
        long chainId,
        EvmAddress contract,
        EvmAddress account,
        long size,
        Digest root,
        String checkpoint,
        String transaction,
        long blockNumber,
        long index,
        String head,
        Instant madeAt) {}
