package dev.candor.settlement.anchor;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;
import java.util.Optional;

/**
 * An anchor as somebody claims it to be on the chain.
 *
 * @param account     who is to have anchored; absent for anybody, since the checkpoint's signature names the log
 * @param origin      the log's origin line
 * @param size        leaves in the log
 * @param root        the log's root over them
 * @param transaction {@code 0x} and 64 hexadecimal digits
 */
public record AnchorClaim(
        long chainId,
        EvmAddress contract,
        Optional<EvmAddress> account,
        String origin,
        long size,
        Digest root,
        String transaction) {}
