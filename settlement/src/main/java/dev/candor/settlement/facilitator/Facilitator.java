package dev.candor.settlement.facilitator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.settlement.x402.PaymentPayload;
import dev.candor.settlement.x402.PaymentRequirements;
import java.math.BigInteger;
import java.util.List;

/** Offers, verifies and reserves payments (x402 v2, scheme {@code upto} over Permit2). Thread-safe; {@link #reserve} blocks. */
public interface Facilitator {
    /** The offer for a request that costs at most {@code cap}; the same cap always gives the same offer. */
    PaymentRequirements offer(BigInteger cap);

    /**
     * Verifies {@code payload} against the first of {@code offers} that it accepted, and reserves it durably.
     *
     * @param offers the current offer first, then those still honoured after a price change
     * @param body   digest of the request body the payment is for
     * @return the reserved payment, or the one that already took this authorization
     * @param gate   asked about the payer of a payment that would be reserved; not about one that was used before
     * @throws PaymentRejectedException if the payment is malformed, does not satisfy an offer, or none is taken for now
     * @throws X                        if {@code gate} refuses the payer
     */
    <X extends Exception> ReservedPayment reserve(PaymentPayload payload, List<PaymentRequirements> offers, Digest body, PayerGate<X> gate)
            throws PaymentRejectedException, X;

    /** As above, for every payer. */
    default ReservedPayment reserve(PaymentPayload payload, List<PaymentRequirements> offers, Digest body) throws PaymentRejectedException {
        return reserve(payload, offers, body, PayerGate.open());
    }

    /** The document served at {@code /x402/supported}. */
    ObjectNode supported();

    /**
     * To be called before a payment is asked for.
     *
     * @param cap what the payment would be allowed to take
     * @throws PaymentRejectedException with {@code settlement_backlog} while no such payment may be taken
     */
    void checkOpen(BigInteger cap) throws PaymentRejectedException;
}
