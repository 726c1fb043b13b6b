package dev.candor.client.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.receipt.PaymentBinding;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptChecks;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import java.math.BigInteger;
import java.util.Optional;

/** Whether the receipt charges what was signed and used. */
final class PaymentCheck {
    Check check(Receipt receipt, Optional<JsonNode> payload) {
        if (receipt.payment().isEmpty()) {
            return payload.isEmpty()
                    ? Check.ok(CheckName.PAYMENT, "free of charge")
                    : Check.failed(CheckName.PAYMENT, "a payment was signed, but the receipt says the answer was free of charge");
        }
        PaymentBinding payment = receipt.payment().get();
        try {
            ReceiptChecks.payment(receipt);
        } catch (ReceiptVerificationException e) {
            return Check.failed(CheckName.PAYMENT, e.getMessage());
        }
        return payload.flatMap(signed -> difference(payment, signed))
                .or(() -> payload.flatMap(signed -> otherPrice(receipt, payment)))
                .map(reason -> Check.failed(CheckName.PAYMENT, reason))
                .orElseGet(() -> Check.ok(
                        CheckName.PAYMENT,
                        payment.charged() + " of at most " + payment.cap() + " units on " + payment.network()
                                + (payload.isPresent() ? ", as signed" : "; the signed payment is not at hand")));
    }

    private static Optional<String> difference(PaymentBinding payment, JsonNode signed) {
        JsonNode authorization = signed.path("payload").path("permit2Authorization");
        return compare("payer", payment.payer().value(), authorization.path("from").asText())
                .or(() -> compare("cap", payment.cap().toString(), authorization.at("/permitted/amount").asText()))
                .or(() -> compare("asset", payment.asset().value(), authorization.at("/permitted/token").asText()))
                .or(() -> compare("payee", payment.payTo().value(), authorization.at("/witness/to").asText()))
                .or(() -> compare("nonce", payment.nonce().toString(), authorization.path("nonce").asText()))
                .or(() -> compare("network", payment.network(), signed.at("/accepted/network").asText()))
                .or(() -> compare("scheme", payment.scheme(), signed.at("/accepted/scheme").asText()));
    }

    /** The cap that was offered and signed comes from the prices, so the receipt cannot name others. */
    private static Optional<String> otherPrice(Receipt receipt, PaymentBinding payment) {
        BigInteger cap = payment.inputPrice()
                .multiply(BigInteger.valueOf(receipt.usage().promptTokens()))
                .add(payment.outputPrice().multiply(BigInteger.valueOf(receipt.sampling().maxTokens())));
        return cap.equals(payment.cap())
                ? Optional.empty()
                : Optional.of("the receipt's prices and token counts make a cap of " + cap + ", signed was " + payment.cap());
    }

    private static Optional<String> compare(String what, String receipt, String signed) {
        return receipt.equalsIgnoreCase(signed)
                ? Optional.empty()
                : Optional.of("the receipt's " + what + " is " + receipt + ", the signed payment's is " + signed);
    }
}
