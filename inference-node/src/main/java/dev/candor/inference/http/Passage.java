package dev.candor.inference.http;

import dev.candor.settlement.facilitator.Price;
import dev.candor.settlement.ledger.PaymentKey;
import dev.candor.settlement.x402.PaymentRequirements;
import java.math.BigInteger;

/** How a request got past the {@link PaymentGate}. */
sealed interface Passage {
    /** Nothing to pay. */
    record Free() implements Passage {}

    /** The payment is reserved for this request, which must commit or release it. */
    record Paid(PaymentKey key, BigInteger cap, Price price, PaymentRequirements offer) implements Passage {}

    /** The payment bought this answer before. */
    record Answered(Reply answer) implements Passage {}
}
