package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A call that is to reach the chain once.
 *
 * @param key         chosen by the caller; a second call with the same key is the same call
 * @param to          the contract
 * @param call        {@code 0x} and hexadecimal digits; {@code 0x} once it is final
 * @param nonce       the account's nonce it was given, from SENT on
 * @param transaction hash of the transaction that is in a block, from MINED on
 * @param blockNumber the block, from MINED on
 * @param blockHash   the block, from MINED on
 * @param lostSince   the newest block when its nonce was first seen used without it
 * @param detail      why it was refused, reverted or queued again
 */
public record OutboxEntry(
        String key,
        EvmAddress to,
        String call,
        OutboxState state,
        OptionalLong nonce,
        Optional<String> transaction,
        OptionalLong blockNumber,
        Optional<String> blockHash,
        OptionalLong lostSince,
        Optional<String> detail,
        Instant updatedAt) {}
