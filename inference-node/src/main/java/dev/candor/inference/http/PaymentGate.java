package dev.candor.inference.http;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;
import dev.candor.inference.limits.Allowance;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.settlement.facilitator.Facilitator;
import dev.candor.settlement.facilitator.PayerGate;
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

/**
 * Asks for payment, and takes one payment for one request, of clients that are within their limits and for whom there is a place: whoever is not is
 * refused before anything is reserved. Thread-safe; {@link #pass} blocks.
 */
final class PaymentGate {
    private final ClientGuard guard;
    private final Admission admission;
    private final Facilitator facilitator;
    private final PriceBook prices;
    private final AnswerCache answers;
    private final X402Codec codec;

    PaymentGate(ClientGuard guard, Admission admission, Facilitator facilitator, PriceBook prices, AnswerCache answers, X402Codec codec) {
        this.guard = guard;
        this.admission = admission;
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
     * @param places       in the node's queue
     */
    record Ask(String what, int inputTokens, int outputTokens, int places) {
        long tokens() {
            return (long) inputTokens + outputTokens;
        }
    }

    /**
     * Lets the request pass with a payment, or without where the model has no price or the operator has given its sender a key. Asking for the price
     * costs the address that asks one of its requests a minute; what is paid for counts for the payer alone; what was paid for before is given again
     * whatever the limits.
     *
     * @param body digest of the request's body, which the payment is bound to
     * @throws ApiException 402 with the terms, 400, 409, 429 or 503
     */
    Passage pass(Exchange exchange, String model, Ask ask, Digest body) throws ApiException {
        Caller caller = exchange.caller();
        List<Price> honoured = caller.vouched() ? List.of() : prices.honoured(model);
        if (honoured.isEmpty()) {
            admission.requireRoom(caller.client(), ask.places());
            return new Passage.Free(caller.client(), guard.take(caller, ask.tokens()));
        }
        List<PaymentRequirements> offers = honoured.stream()
                .map(price -> facilitator.offer(price.amount(ask.inputTokens(), ask.outputTokens())))
                .toList();
        Optional<String> header = exchange.header(X402Headers.PAYMENT_SIGNATURE);
        try {
            if (header.isEmpty()) {
                admission.requireRoom(caller.client(), ask.places());
                guard.take(caller, 0);
                facilitator.checkOpen(new BigInteger(offers.getFirst().amount()));
                throw required(exchange, ask, offers.getFirst(), "Payment required");
            }
            return paid(payload(header.get()), offers, honoured, body, new PayerAdmission(exchange, ask));
        } catch (PaymentRejectedException e) {
            throw rejected(exchange, ask, offers.getFirst(), e);
        }
    }

    private Passage paid(PaymentPayload payload, List<PaymentRequirements> offers, List<Price> honoured, Digest body, PayerAdmission payer)
            throws ApiException, PaymentRejectedException {
        try (payer) {
            return switch (facilitator.reserve(payload, offers, body, payer)) {
                case ReservedPayment.Fresh fresh -> new Passage.Paid(
                        fresh.key(), fresh.cap(), honoured.get(fresh.offerIndex()), offers.get(fresh.offerIndex()), payer.keep());
                case ReservedPayment.Used used -> new Passage.Answered(repeated(used.payment(), body));
            };
        }
    }

    /** A payer's turn at his own limits, given back unless it is kept. */
    private final class PayerAdmission implements PayerGate<ApiException>, AutoCloseable {
        private final Exchange exchange;
        private final Ask ask;
        private Optional<Allowance> taken = Optional.empty();

        PayerAdmission(Exchange exchange, Ask ask) {
            this.exchange = exchange;
            this.ask = ask;
        }

        @Override
        public void admit(EvmAddress address) throws ApiException {
            Caller payer = guard.payer(address);
            exchange.caller(payer);
            admission.requireRoom(payer.client(), ask.places());
            taken = Optional.of(guard.take(payer, ask.tokens()));
        }

        Allowance keep() {
            Allowance kept = taken.orElseThrow();
            taken = Optional.empty();
            return kept;
        }

        @Override
        public void close() {
            taken.ifPresent(Allowance::close);
        }
    }

    /** Payments that are none cost their sender as much as asking for the price. */
    private ApiException rejected(Exchange exchange, Ask ask, PaymentRequirements offer, PaymentRejectedException e) throws ApiException {
        if (e.kind() == PaymentRejectedException.Kind.BACKLOG) {
            return new ApiException(ErrorCode.SETTLEMENT_BACKLOG, e.getMessage());
        }
        guard.take(exchange.caller(), 0);
        return e.kind() == PaymentRejectedException.Kind.MALFORMED
                ? new ApiException(ErrorCode.INVALID_PAYMENT, e.getMessage(), X402Headers.PAYMENT_SIGNATURE).member("reason", e.code())
                : required(exchange, ask, offer, e.code()).member("reason", e.code()).member("detail", e.getMessage());
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
                    .header("Candor-Payment-Id", payment.key().id());
        }
        return answers.get(payment.key())
                .orElseThrow(() -> used("This payment's answer was delivered and is no longer kept; its receipt is.", payment));
    }

    private static ApiException used(String message, Payment payment) {
        ApiException used = new ApiException(ErrorCode.PAYMENT_ALREADY_USED, message)
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
