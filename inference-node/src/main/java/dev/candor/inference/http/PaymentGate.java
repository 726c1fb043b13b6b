package dev.candor.inference.http;

import dev.candor.attestation.digest.Digest;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.settlement.facilitator.Facilitator;
import dev.candor.settlement.facilitator.PaymentRejectedException;
import dev.candor.settlement.facilitator.Price;
import dev.candor.settlement.facilitator.PriceBook;
import dev.candor.settlement.facilitator.ReservedPayment;
import dev.candor.settlement.ledger.Payment;
import dev.candor.settlement.ledger.PaymentState;
import dev.candor.settlement.x402.PaymentPayload;
import dev.candor.settlement.x402.PaymentRequired;
import dev.candor.settlement.x402.PaymentRequirements;
import dev.candor.settlement.x402.ResourceInfo;
import dev.candor.settlement.x402.X402Codec;
import dev.candor.settlement.x402.X402FormatException;
import dev.candor.settlement.x402.X402Headers;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** Asks for payment, and takes one payment for one request. Thread-safe; {@link #pass} blocks. */
public final class PaymentGate {
    private final Facilitator facilitator;
    private final PriceBook prices;
    private final AnswerCache answers;
    private final X402Codec codec;

    public PaymentGate(Facilitator facilitator, PriceBook prices, AnswerCache answers, X402Codec codec) {
        this.facilitator = facilitator;
        this.prices = prices;
        this.answers = answers;
        this.codec = codec;
    }

    /**
     * What is to be paid for.
     *
     * @param what         in words, such as {@code One chat completion}
     * @param outputTokens at most
     */
    record Ask(String what, int inputTokens, int outputTokens) {}

    /**
     * Lets the request pass with a payment, or without where the model has no price.
     *
     * @param body digest of the request's body, which the payment is bound to
     * @throws ApiException 402 with the terms, 400, 409 or 503
     */
    Passage pass(Exchange exchange, String model, Ask ask, Digest body) throws ApiException {
        List<Price> honoured = prices.honoured(model);
        if (honoured.isEmpty()) {
            return new Passage.Free();
        }
        List<PaymentRequirements> offers = honoured.stream()
                .map(price -> facilitator.offer(price.amount(ask.inputTokens(), ask.outputTokens())))
                .toList();
        Optional<String> header = exchange.header(X402Headers.PAYMENT_SIGNATURE);
        try {
            if (header.isEmpty()) {
                facilitator.checkOpen(new BigInteger(offers.getFirst().amount()));
                throw required(exchange, ask, offers.getFirst(), "Payment required");
            }
            PaymentPayload payload = payload(header.get());
            return switch (facilitator.reserve(payload, offers, body)) {
                case ReservedPayment.Fresh fresh ->
                    new Passage.Paid(fresh.key(), fresh.cap(), honoured.get(fresh.offerIndex()), offers.get(fresh.offerIndex()));
                case ReservedPayment.Used used -> new Passage.Answered(repeated(used.payment(), body));
            };
        } catch (PaymentRejectedException e) {
            throw switch (e.kind()) {
                case MALFORMED -> new ApiException(ErrorCode.INVALID_PAYMENT, e.getMessage(), X402Headers.PAYMENT_SIGNATURE).member("reason", e.code());
                case INVALID -> required(exchange, ask, offers.getFirst(), e.code())
                        .member("reason", e.code()).member("detail", e.getMessage());
                case BACKLOG -> new ApiException(ErrorCode.SETTLEMENT_BACKLOG, e.getMessage()).header("retry-after", "10");
            };
        }
    }

    private PaymentPayload payload(String header) throws ApiException {
        try {
            return codec.decodePayload(header);
        } catch (X402FormatException e) {
            throw new ApiException(ErrorCode.INVALID_PAYMENT, e.getMessage(), X402Headers.PAYMENT_SIGNATURE);
        }
    }

    private Reply repeated(Payment payment, Digest body) throws ApiException {
        if (!payment.bodyDigest().equals(body)) {
            throw used("This payment was used for another request: sign a new one.", payment);
        }
        if (payment.state() == PaymentState.RESERVED) {
            throw new ApiException(ErrorCode.PAYMENT_IN_USE, "The request that this payment is for is still at work.")
                    .header("retry-after", "1")
                    .header("Candor-Payment-Id", payment.key().id());
        }
        return answers.get(payment.key())
                .orElseThrow(() -> used("This payment's answer was delivered and is no longer kept; its receipt is.", payment));
    }

    private static ApiException used(String message, Payment payment) {
        ApiException used = new ApiException(ErrorCode.PAYMENT_ALREADY_USED, message)
                .noRetry()
                .header("Candor-Payment-Id", payment.key().id())
                .member("payment_id", payment.key().id());
        payment.receipt().ifPresent(id -> used.header("Candor-Receipt-Id", id.value()).member("receipt_id", id.value()));
        return used;
    }

    private ApiException required(Exchange exchange, Ask ask, PaymentRequirements offer, String reason) {
        PaymentRequired terms = new PaymentRequired(
                X402Codec.VERSION, reason, new ResourceInfo(exchange.url(), ask.what(), Reply.JSON), List.of(offer));
        String message = reason.equals("Payment required")
                ? "Payment required: sign one of the offers in the PAYMENT-REQUIRED header (x402) and send it as PAYMENT-SIGNATURE."
                : "The payment does not satisfy the offer: " + reason + ".";
        return new ApiException(ErrorCode.PAYMENT_REQUIRED, message)
                .header(X402Headers.PAYMENT_REQUIRED, codec.encode(terms))
                .header("cache-control", "no-store");
    }
}
