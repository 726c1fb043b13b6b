package dev.candor.client.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.receipt.PaymentBinding;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptChecks;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.settlement.chain.ContractAddresses;
import dev.candor.settlement.scheme.SchemeException;
import dev.candor.settlement.scheme.UptoAuthorization;
import dev.candor.settlement.scheme.UptoPermit2Scheme;
import dev.candor.settlement.x402.PaymentPayload;
import dev.candor.settlement.x402.X402Codec;
import dev.candor.settlement.x402.X402FormatException;
import java.math.BigInteger;
import java.util.Optional;

/** Whether the receipt charges what was signed and used. */
final class PaymentCheck {
    private static final String EVM = "eip155:";

    private final X402Codec codec = new X402Codec();

    /**
     * Checks a receipt's payment.
     *
     * @param payload  the payment that was signed, where it is at hand
     * @param exchange request and answer, where they are at hand
     */
    Check check(Receipt receipt, Optional<JsonNode> payload, Optional<ReceiptBundle.Exchange> exchange) {
        if (receipt.payment().isEmpty()) {
            return payload.isEmpty()
                    ? Check.ok(CheckName.PAYMENT, "free of charge")
                    : Check.failed(CheckName.PAYMENT, "a payment was signed, but the receipt says the answer was free of charge");
        }
        PaymentBinding payment = receipt.payment().get();
        try {
            ReceiptChecks.payment(receipt);
            return signed(receipt, payment, payload, exchange);
        } catch (ReceiptVerificationException e) {
            return Check.failed(CheckName.PAYMENT, e.getMessage());
        }
    }

    private Check signed(Receipt receipt, PaymentBinding payment, Optional<JsonNode> payload, Optional<ReceiptBundle.Exchange> exchange)
            throws ReceiptVerificationException {
        Optional<String> fault = payload.flatMap(signed -> difference(receipt, payment, signed));
        if (fault.isEmpty() && payload.isPresent()) {
            fault = exchange.isPresent()
                    ? otherPrice(receipt, payment, ReceiptChecks.drawn(exchange.get().path(), exchange.get().request()))
                    : noPrice(receipt, payment);
        }
        return fault.map(reason -> Check.failed(CheckName.PAYMENT, reason))
                .orElseGet(() -> Check.ok(
                        CheckName.PAYMENT,
                        payment.charged() + " of at most " + payment.cap() + " units on " + payment.network()
                                + (payload.isPresent() ? ", as signed" : "; the signed payment is not at hand")));
    }

    /** The payment must be one that its payer really signed, at the time of the receipt, on the receipt's terms. */
    private Optional<String> difference(Receipt receipt, PaymentBinding payment, JsonNode signed) {
        try {
            PaymentPayload payload = codec.payloadFromJson(signed.toString());
            UptoAuthorization authorization = scheme(payment).verify(payload, payload.accepted(), receipt.issuedAt());
            return compare("payer", payment.payer(), authorization.payer())
                    .or(() -> compare("cap", payment.cap(), authorization.cap()))
                    .or(() -> compare("asset", payment.asset(), authorization.token()))
                    .or(() -> compare("payee", payment.payTo(), authorization.to()))
                    .or(() -> compare("nonce", payment.nonce(), authorization.nonce()));
        } catch (X402FormatException | SchemeException | IllegalArgumentException e) {
            return Optional.of("the saved payment is not one that was signed for this answer: " + e.getMessage());
        }
    }

    private static UptoPermit2Scheme scheme(PaymentBinding payment) {
        if (!payment.scheme().equals(UptoPermit2Scheme.NAME) || !payment.network().startsWith(EVM)) {
            throw new IllegalArgumentException("the receipt names scheme " + payment.scheme() + " on " + payment.network());
        }
        long chainId = Long.parseLong(payment.network().substring(EVM.length()));
        return new UptoPermit2Scheme(chainId, ContractAddresses.PERMIT2, ContractAddresses.UPTO_PROXY);
    }

    /** The cap that was offered and signed comes from the prices, so the receipt cannot name others. */
    private static Optional<String> otherPrice(Receipt receipt, PaymentBinding payment, long drawn) {
        BigInteger cap = prompt(receipt, payment).add(answer(receipt, payment).multiply(BigInteger.valueOf(drawn)));
        return cap.equals(payment.cap())
                ? Optional.empty()
                : Optional.of("the receipt's prices and token counts make a cap of " + cap + ", signed was " + payment.cap());
    }

    /** Without the request nobody knows how many answers were drawn, only that they were whole ones, and no fewer than were given. */
    private static Optional<String> noPrice(Receipt receipt, PaymentBinding payment) {
        BigInteger answers = payment.cap().subtract(prompt(receipt, payment));
        BigInteger one = answer(receipt, payment);
        BigInteger given = one.multiply(BigInteger.valueOf(receipt.output().tokens().size()));
        boolean made = one.signum() == 0 ? answers.signum() == 0 : answers.mod(one).signum() == 0 && answers.compareTo(given) >= 0;
        return made ? Optional.empty() : Optional.of("the receipt's prices and token counts do not make the cap that was signed, " + payment.cap());
    }

    private static BigInteger prompt(Receipt receipt, PaymentBinding payment) {
        return payment.inputPrice().multiply(BigInteger.valueOf(receipt.usage().promptTokens()));
    }

    private static BigInteger answer(Receipt receipt, PaymentBinding payment) {
        return payment.outputPrice().multiply(BigInteger.valueOf(receipt.sampling().maxTokens()));
    }

    private static Optional<String> compare(String what, Object receipt, Object signed) {
        return receipt.equals(signed)
                ? Optional.empty()
                : Optional.of("the receipt's " + what + " is " + receipt + ", the signed payment's is " + signed);
    }
}
