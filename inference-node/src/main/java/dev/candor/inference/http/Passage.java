package dev.candor.inference.http;

import dev.candor.inference.limits.Allowance;
import dev.candor.inference.limits.ClientId;
import dev.candor.settlement.facilitator.Price;
import dev.candor.settlement.ledger.PaymentKey;
import dev.candor.settlement.x402.PaymentRequirements;
import java.math.BigInteger;

/** How a request got past the {@link PaymentGate}. */
sealed interface Passage {
    /** It may be served. */
    sealed interface Granted extends Passage {
        /** Whose it is. */
        ClientId client();

        /** To be told how many tokens it has used, and then closed. */
        Allowance allowance();
    }

    /** Nothing to pay. */
    record Free(ClientId client, Allowance allowance) implements Granted {}

    /** The payment is reserved for this request, which must commit or release it. */
    record Paid(PaymentKey key, BigInteger cap, Price price, PaymentRequirements offer, Allowance allowance) implements Granted {
        @Override
        public ClientId client() {
            return Caller.payer(key.payer());
        }
    }

    /** The payment bought this answer before. */
    record Answered(Reply answer) implements Passage {}
}
