package dev.candor.settlement.chain;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How calls are brought to a chain.
 *
 * @param confirmations    blocks, the transaction's own included, after which it is final
 * @param maxUnconfirmed   transactions under way at once
 * @param maxQueued        calls kept at most, besides those
 * @param poll             how often the chain is looked at while something is under way
 * @param rebroadcastAfter how long until a transaction that is not mined is handed over again
 * @param replaceAfter     how long until it is replaced by one that pays more
 * @param maxGas           gas a call may need at most
 */
public record OutboxConfig(
        int confirmations,
        int maxUnconfirmed,
        int maxQueued,
        Duration poll,
        Duration rebroadcastAfter,
        Duration replaceAfter,
        BigInteger maxGas,
        FeePolicy fees) {
    private static final BigInteger MAX_GAS = BigInteger.valueOf(1_000_000);
    private static final int PUBLIC_CONFIRMATIONS = 5;
    private static final List<String> DEVELOPMENT_CLIENTS = List.of("anvil/", "hardhatnetwork/", "ganache/");

    /** For a dev chain on this machine: two confirmations. */
    public static OutboxConfig devChain() {
        return new OutboxConfig(
                2, 64, 10_000, Duration.ofMillis(250), Duration.ofSeconds(3), Duration.ofSeconds(20), MAX_GAS,
                FeePolicy.standard());
    }

    /**
     * For a chain that somebody else runs. On a chain for development one confirmation is enough: it may have no further block
     * until there is another transaction.
     *
     * @param clientVersion what {@link ChainClient#clientVersion} says
     */
    public static OutboxConfig of(String clientVersion) {
        String client = clientVersion.toLowerCase(Locale.ROOT);
        boolean development = DEVELOPMENT_CLIENTS.stream().anyMatch(client::startsWith);
        return publicChain(development ? 1 : PUBLIC_CONFIRMATIONS);
    }

    /** For a public chain. */
    public static OutboxConfig publicChain(int confirmations) {
        return new OutboxConfig(
                confirmations, 16, 10_000, Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(60), MAX_GAS,
                FeePolicy.standard());
    }
}
