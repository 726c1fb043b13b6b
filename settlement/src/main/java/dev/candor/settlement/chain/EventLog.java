package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.util.List;

/**
 * An event a contract emitted.
 *
 * @param topics {@code 0x} and 64 lower-case hexadecimal digits each
 * @param data   {@code 0x} and hexadecimal digits
 */
public record EventLog(EvmAddress address, List<String> topics, String data, String transaction, long blockNumber) {}
