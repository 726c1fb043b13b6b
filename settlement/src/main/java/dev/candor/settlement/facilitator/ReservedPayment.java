package dev.candor.settlement.facilitator;

import dev.candor.settlement.ledger.Payment;
import dev.candor.settlement.ledger.PaymentKey;
import java.math.BigInteger;

/** What became of a valid payment. */
public sealed interface ReservedPayment {
    /**
     * Reserved for this request.
     *
     * @param offerIndex which of the offers was accepted
     */
    record Fresh(PaymentKey key, BigInteger cap, int offerIndex) implements ReservedPayment {}

    /** The authorization was used before; {@code payment} says by which body and in which state. */
    record Used(Payment payment) implements ReservedPayment {}
}
