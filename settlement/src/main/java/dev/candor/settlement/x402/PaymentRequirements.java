package dev.candor.settlement.x402;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * One way to pay (x402 v2, section PaymentRequirements).
 *
 * @param network           CAIP-2, for example {@code eip155:31337}
 * @param asset             token contract, EIP-55
 * @param payTo             payee, EIP-55
 * @param maxTimeoutSeconds how long a signed payment stays good
 * @param amount            the cap in atomic units of {@code asset}, decimal
 * @param extra             scheme-specific members
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PaymentRequirements(
        String scheme, String network, String asset, String payTo, long maxTimeoutSeconds, String amount, JsonNode extra) {
    /**
     * Whether {@code accepted}, the offer a payer echoes, is this offer: every member but {@code extra} equal as text, and
     * every member of this offer's {@code extra} present there and equal. A payer's own additions to {@code extra} do not count.
     */
    public boolean matches(PaymentRequirements accepted) {
        return scheme.equals(accepted.scheme)
                && network.equals(accepted.network)
                && asset.equals(accepted.asset)
                && payTo.equals(accepted.payTo)
                && maxTimeoutSeconds == accepted.maxTimeoutSeconds
                && amount.equals(accepted.amount)
                && extraMatches(accepted.extra);
    }

    private boolean extraMatches(JsonNode theirs) {
        return extra == null
                || extra.isNull()
                || extra.properties().stream()
                        .allMatch(member -> theirs != null && member.getValue().equals(theirs.get(member.getKey())));
    }
}
