package dev.candor.settlement.facilitator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.settlement.chain.PayerFunds;
import dev.candor.settlement.chain.PayerReader;
import dev.candor.settlement.facilitator.PaymentRejectedException.Kind;
import dev.candor.settlement.ledger.Ledger;
import dev.candor.settlement.ledger.LedgerException;
import dev.candor.settlement.ledger.Payment;
import dev.candor.settlement.ledger.PaymentKey;
import dev.candor.settlement.ledger.PaymentState;
import dev.candor.settlement.ledger.Reservation;
import dev.candor.settlement.ledger.ReserveOutcome;
import dev.candor.settlement.ledger.SqlDatabase;
import dev.candor.settlement.scheme.SchemeException;
import dev.candor.settlement.scheme.UptoAuthorization;
import dev.candor.settlement.scheme.UptoPermit2Scheme;
import dev.candor.settlement.x402.PaymentPayload;
import dev.candor.settlement.x402.PaymentRequirements;
import dev.candor.settlement.x402.X402Codec;
import dev.candor.settlement.x402.X402FormatException;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The facilitator inside the node: it verifies here, reserves in the ledger, and leaves settling to others. */
public final class LocalFacilitator implements Facilitator {
    private static final Duration CHAIN_PATIENCE = Duration.ofSeconds(5);

    private final UptoPermit2Scheme scheme;
    private final PaymentTerms terms;
    private final Ledger ledger;
    private final PayerWatch payers;
    private final Clock clock;
    private final X402Codec codec = new X402Codec();

    public LocalFacilitator(UptoPermit2Scheme scheme, PaymentTerms terms, Ledger ledger, PayerReader payers, Clock clock) {
        this(scheme, terms, ledger, payers, clock, CHAIN_PATIENCE);
    }

    LocalFacilitator(
            UptoPermit2Scheme scheme, PaymentTerms terms, Ledger ledger, PayerReader payers, Clock clock, Duration chainPatience) {
        this.scheme = scheme;
        this.terms = terms;
        this.ledger = ledger;
        this.payers = new PayerWatch(payers, terms.payTo(), clock, chainPatience);
        this.clock = clock;
    }

    @Override
    public PaymentRequirements offer(BigInteger cap) {
        ObjectNode extra = JsonNodeFactory.instance.objectNode()
                .put("name", terms.tokenName())
                .put("version", terms.tokenVersion())
                .put("assetTransferMethod", UptoPermit2Scheme.TRANSFER_METHOD)
                .put("facilitatorAddress", terms.facilitator().checksummed());
        return new PaymentRequirements(UptoPermit2Scheme.NAME, scheme.network(), terms.asset().checksummed(),
                terms.payTo().checksummed(), terms.timeout().toSeconds(), cap.toString(), extra);
    }

    @Override
    public <X extends Exception> ReservedPayment reserve(
            PaymentPayload payload, List<PaymentRequirements> offers, Digest body, PayerGate<X> gate) throws PaymentRejectedException, X {
        PaymentKey key = key(payload);
        Optional<Payment> earlier = ledger.payment(key).filter(payment -> payment.state() != PaymentState.RELEASED);
        if (earlier.isPresent() && isSamePayment(earlier.get(), payload)) {
            return new ReservedPayment.Used(earlier.get());
        }
        int index = match(payload, offers);
        UptoAuthorization authorization = verify(payload, offers.get(index));
        if (earlier.isPresent()) {
            return new ReservedPayment.Used(earlier.get());
        }
        requireLife(authorization);
        BigInteger payerLimit = payerLimit(authorization);
        gate.admit(authorization.payer());
        Reservation reservation =
                new Reservation(key, authorization.cap(), authorization.lapses(), body, codec.toJson(payload));
        return switch (SqlDatabase.await(ledger.reserve(reservation, payerLimit, terms.maxExposure()))) {
            case ReserveOutcome.Reserved reserved -> new ReservedPayment.Fresh(key, authorization.cap(), index);
            case ReserveOutcome.Taken taken -> new ReservedPayment.Used(taken.payment());
            case ReserveOutcome.OverLimit over -> throw overLimit(over);
        };
    }

    @Override
    public void checkOpen(BigInteger cap) throws PaymentRejectedException {
        BigInteger caps = ledger.totals().unsettledCaps();
        if (caps.add(cap).compareTo(terms.maxExposure()) > 0) {
            throw backlog("unsettled payments may take " + caps + " and this one " + cap + ", the node risks at most "
                    + terms.maxExposure() + " in all; try again when some are settled, or with a lower max_tokens");
        }
        if (!payers.chainAnswers()) {
            throw chainSilent("payers");
        }
    }

    @Override
    public ObjectNode supported() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ObjectNode kind = document.putArray("kinds").addObject();
        kind.put("x402Version", X402Codec.VERSION).put("scheme", UptoPermit2Scheme.NAME).put("network", scheme.network());
        kind.putObject("extra").put("facilitatorAddress", terms.facilitator().checksummed());
        document.putArray("extensions");
        document.putObject("signers").putArray("eip155:*").add(terms.facilitator().checksummed());
        return document;
    }

    private PaymentKey key(PaymentPayload payload) throws PaymentRejectedException {
        try {
            UptoAuthorization authorization = scheme.parse(payload.payload());
            return new PaymentKey(scheme.chainId(), authorization.payer(), authorization.nonce());
        } catch (SchemeException e) {
            throw new PaymentRejectedException(Kind.MALFORMED, e.code(), e.getMessage());
        }
    }

    /** Whether the ledger's payment was signed by the very same signature: then it was verified once, whatever is offered today. */
    private boolean isSamePayment(Payment earlier, PaymentPayload payload) {
        try {
            return scheme.parse(codec.payloadFromJson(earlier.payloadJson()).payload()).equals(scheme.parse(payload.payload()));
        } catch (X402FormatException | SchemeException e) {
            throw new LedgerException("the ledger's payment " + earlier.key().id() + " is unreadable: " + e.getMessage()
                    + "; run candor ledger audit", e);
        }
    }

    private static int match(PaymentPayload payload, List<PaymentRequirements> offers) throws PaymentRejectedException {
        for (int i = 0; i < offers.size(); i++) {
            if (offers.get(i).matches(payload.accepted())) {
                return i;
            }
        }
        throw new PaymentRejectedException(Kind.INVALID, "invalid_payment_requirements",
                "No matching payment requirements: pay the offer of this answer for this very request body");
    }

    private UptoAuthorization verify(PaymentPayload payload, PaymentRequirements offer) throws PaymentRejectedException {
        try {
            return scheme.verify(payload, offer, clock.instant());
        } catch (SchemeException e) {
            throw new PaymentRejectedException(e.isMalformed() ? Kind.MALFORMED : Kind.INVALID, e.code(), e.getMessage());
        }
    }

    private void requireLife(UptoAuthorization authorization) throws PaymentRejectedException {
        Instant earliest = clock.instant().plus(terms.minimumLife());
        if (authorization.lapses().isBefore(earliest)) {
            throw new PaymentRejectedException(Kind.INVALID, "permit2_deadline_expired",
                    "the payment must stay good for " + terms.minimumLife().toSeconds() + " seconds more, so that it can be settled");
        }
    }

    /** What the payer's unsettled caps may sum to: what the chain says it can pay, less what was settled since it said so. */
    private BigInteger payerLimit(UptoAuthorization authorization) throws PaymentRejectedException {
        PayerStatus status = payers.status(authorization.payer(), authorization.nonce())
                .orElseThrow(() -> chainSilent("this payer"));
        if (status.nonceUsed()) {
            throw new PaymentRejectedException(Kind.INVALID, "permit2_invalid_nonce", "Permit2 has seen this nonce already");
        }
        PayerFunds funds = status.funds();
        BigInteger settled = ledger.settledSince(authorization.payer(), funds.readAt());
        requireAtLeast(authorization.cap(), funds.balance(), "permit2_insufficient_balance", "the payer's balance");
        requireAtLeast(authorization.cap(), funds.allowance(), "permit2_allowance_required", "the payer's allowance to Permit2");
        return funds.spendable().subtract(settled);
    }

    private static void requireAtLeast(BigInteger cap, BigInteger have, String code, String what) throws PaymentRejectedException {
        if (have.compareTo(cap) < 0) {
            throw new PaymentRejectedException(Kind.INVALID, code, what + " is " + have + ", the payment may take " + cap);
        }
    }

    private static PaymentRejectedException overLimit(ReserveOutcome.OverLimit over) {
        return switch (over.bound()) {
            case PAYER -> new PaymentRejectedException(Kind.INVALID, "permit2_insufficient_balance", over.reason());
            case TOTAL -> backlog(over.reason());
        };
    }

    private PaymentRejectedException chainSilent(String about) {
        return payers.longSilent()
                ? backlog("the chain has not answered for " + PayerWatch.MAX_AGE.toMinutes() + " minutes; try again later")
                : backlog("the chain cannot be asked about " + about + " now; try again in a minute");
    }

    private static PaymentRejectedException backlog(String message) {
        return new PaymentRejectedException(Kind.BACKLOG, "settlement_backlog", message);
    }
}
