package dev.candor.client.sdk;

import dev.candor.attestation.receipt.ClientNonce;
import dev.candor.attestation.receipt.PaymentBinding;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.client.pay.PaymentException;
import dev.candor.client.pay.Payer;
import dev.candor.client.pay.SignedPayment;
import dev.candor.client.pay.SpendingLimitException;
import dev.candor.client.verify.BundleException;
import dev.candor.client.verify.BundleStore;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.client.verify.ReceiptVerifier;
import dev.candor.client.verify.VerificationReport;
import dev.candor.client.verify.VerifyOptions;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One request to a node that is paid where the node asks for it, and whose answer's receipt is verified and kept. A lost
 * connection is tried again with the same payment, so that nothing is paid twice. Thread-safe.
 */
public final class VerifyingExchange implements AutoCloseable {
    private static final String NONCE_HEADER = "Candor-Nonce";

    private final PaidExchange paid;
    private final Optional<Payer> payer;
    private final BundleCompleter completer;
    private final ReceiptVerifier verifier;
    private final VerifyOptions options;
    private final BundleStore store;
    private final LateProofs lateProofs;

    /** @param payer empty to use only what is free */
    public VerifyingExchange(
            NodeConnection node, Optional<Payer> payer, ReceiptVerifier verifier, VerifyOptions options, BundleStore store) {
        this.paid = new PaidExchange(node);
        this.payer = payer;
        this.completer = new BundleCompleter(node);
        this.verifier = verifier;
        this.options = options;
        this.store = store;
        this.lateProofs = new LateProofs(completer, store);
    }

    /**
     * Posts {@code body} to {@code path}.
     *
     * @param headers sent along, such as {@code Candor-Nonce}
     * @param sink    gets a streamed answer as it comes; what it got is not yet verified
     */
    public ExchangeOutcome post(String path, byte[] body, Map<String, String> headers, AnswerSink sink)
            throws NodeException, PaymentException, SpendingLimitException, BundleException, InterruptedException {
        Optional<SignedPayment> payment = Optional.empty();
        RawAnswer answer = paid.send(path, body, headers, Optional.empty(), sink);
        if (answer.answer().status() == 402 && payer.isPresent()) {
            completer.requireFit(options.policy());
            payment = Optional.of(payer.get().pay(offer(answer.answer())));
            answer = paid.send(path, body, headers, payment, sink);
        }
        if (answer.answer().status() != 200) {
            return new ExchangeOutcome.Refused(answer.answer());
        }
        try {
            return verify(path, body, headers, answer, payment);
        } catch (ReceiptVerificationException e) {
            return new ExchangeOutcome.Unproven(e.getMessage());
        }
    }

    private ExchangeOutcome verify(
            String path, byte[] body, Map<String, String> headers, RawAnswer answer, Optional<SignedPayment> payment)
            throws ReceiptVerificationException, NodeException, PaymentException, BundleException, InterruptedException {
        AnswerParts parts = AnswerParts.of(answer);
        Receipt receipt = parts.receipt();
        Optional<String> nonce = headers.containsKey(NONCE_HEADER)
                ? Optional.of(ClientNonce.parse(headers.get(NONCE_HEADER)))
                : Optional.empty();
        String node = paid.node().base().toString();
        ReceiptBundle bundle = completer.attest(parts.bundle(node, path, body, nonce, answer.answer().body(), payment));
        VerificationReport report = verifier.verify(bundle, options);
        if (payment.isPresent() && report.verified()) {
            settle(payment.get(), receipt);
        }
        store.save(bundle);
        lateProofs.follow(bundle);
        return new ExchangeOutcome.Answered(bundle, receipt, report);
    }

    /** Only what a verified receipt says frees the rest of a cap: whoever holds the payment can settle all of it until then. */
    private void settle(SignedPayment payment, Receipt receipt) throws PaymentException {
        BigInteger charged = receipt.payment().map(PaymentBinding::charged).orElse(payment.cap());
        payer.orElseThrow().charged(payment, charged.min(payment.cap()));
    }

    private static String offer(NodeAnswer answer) throws PaymentException {
        return answer.headers()
                .firstValue("PAYMENT-REQUIRED")
                .orElseThrow(() -> new PaymentException("the node asks for payment but makes no x402 v2 offer (header PAYMENT-REQUIRED)"));
    }

    /** Waits, for a bounded time, until the receipts got so far are saved with their log proofs. */
    public void awaitProofs(Duration limit) throws InterruptedException {
        lateProofs.awaitProofs(limit);
    }

    @Override
    public void close() {
        lateProofs.close();
    }
}
