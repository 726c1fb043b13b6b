package dev.candor.settlement.facilitator;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;
import java.time.Duration;

/**
 * What all offers of this node have in common, and what it risks.
 *
 * @param asset        the token's contract
 * @param tokenName    the token's EIP-712 domain name
 * @param tokenVersion the token's EIP-712 domain version
 * @param payTo        who is paid
 * @param facilitator  the account that settles
 * @param timeout      how long a signed payment stays good
 * @param minimumLife  how long one must still be good when it comes, so that it can be settled after the work
 * @param maxExposure  what the caps of all unsettled payments may sum to, in atomic units
 */
public record PaymentTerms(
        EvmAddress asset,
        String tokenName,
        String tokenVersion,
        EvmAddress payTo,
        EvmAddress facilitator,
        Duration timeout,
        Duration minimumLife,
        BigInteger maxExposure) {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3600);
    private static final Duration DEFAULT_MINIMUM_LIFE = Duration.ofSeconds(600);

    /** @throws IllegalArgumentException if a payment could never live long enough, or nothing may be risked */
    public PaymentTerms {
        if (timeout.compareTo(minimumLife) <= 0) {
            throw new IllegalArgumentException("payments are good for " + timeout + ", less than the " + minimumLife + " they must last");
        }
        if (maxExposure.signum() <= 0) {
            throw new IllegalArgumentException("the maximum exposure must be above zero, got " + maxExposure);
        }
    }

    /** Terms with the usual times: offers good for an hour, payments taken while they have ten minutes left. */
    public static PaymentTerms of(
            EvmAddress asset, String tokenName, String tokenVersion, EvmAddress payTo, EvmAddress facilitator, BigInteger maxExposure) {
        return new PaymentTerms(
                asset, tokenName, tokenVersion, payTo, facilitator, DEFAULT_TIMEOUT, DEFAULT_MINIMUM_LIFE, maxExposure);
    }
}
