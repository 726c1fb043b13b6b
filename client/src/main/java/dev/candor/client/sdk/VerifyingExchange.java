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
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.client.verify.ReceiptStore;
import dev.candor.client.verify.ReceiptVerifier;
import dev.candor.client.verify.VerificationReport;
import dev.candor.client.verify.VerifyOptions;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Requests to a node that are paid where the node asks for it, and whose answers' receipts are verified and kept. A lost
 * connection is tried again with the same payment, so that nothing is paid twice. Thread-safe.
 */
public final class VerifyingExchange implements AutoCloseable {
    private static final String NONCE_HEADER = "Candor-Nonce";

    private final PaidExchange paid;
    private final Optional<Payer> payer;
    private final BundleCompleter completer;
    private final ReceiptVerifier verifier;
    private final VerifyOptions options;
    private final ReceiptStore store;
    private final LateProofs lateProofs;

    /** @param payer empty to use only what is free */
    public VerifyingExchange(
            NodeConnection node, Optional<Payer> payer, ReceiptVerifier verifier, VerifyOptions options, ReceiptStore store) {
        this(node, payer, verifier, options, store, RetryPolicy.connections());
    }

    /** As the other, with more or fewer retries. */
    public VerifyingExchange(
            NodeConnection node, Optional<Payer> payer, ReceiptVerifier verifier, VerifyOptions options, ReceiptStore store, RetryPolicy retries) {
        this.paid = new PaidExchange(node, retries);
        this.payer = payer;
        this.completer = new BundleCompleter(node);
        this.verifier = verifier;
        this.options = options;
        this.store = store;
        this.lateProofs = new LateProofs(completer, store);
    }

    /**
     * Posts {@code body} to {@code path}, for at most half an hour.
     *
     * @param headers sent along, such as {@code Candor-Nonce}
     * @param sink    gets a streamed answer as it comes; what it got is not yet verified
     */
    public ExchangeOutcome post(String path, byte[] body, Map<String, String> headers, AnswerSink sink)
            throws NodeException, PaymentException, SpendingLimitException, BundleException, InterruptedException {
        try (CallControl control = CallControl.within(NodeConnection.ANSWER_TIMEOUT)) {
            return post(new ExchangeRequest(path, body, headers, control), sink);
        }
    }

    /**
     * Sends {@code request}. It is asked without a payment first, and what a node then asks for is signed once.
     *
     * @param sink gets a streamed answer as it comes; what it got is not yet verified
     */
    public ExchangeOutcome post(ExchangeRequest request, AnswerSink sink)
            throws NodeException, PaymentException, SpendingLimitException, BundleException, InterruptedException {
        Optional<SignedPayment> payment = Optional.empty();
        RawAnswer answer = paid.send(request, Optional.empty(), sink);
        if (answer.answer().status() == 402 && payer.isPresent()) {
            completer.requireFit(options.policy());
            payment = Optional.of(payer.get().pay(paid.node().host(), offer(answer.answer())));
            answer = paid.send(request, payment, sink);
        }
        if (answer.answer().status() != 200) {
            return new ExchangeOutcome.Refused(answer.answer());
        }
        try {
            return verify(request, answer, payment);
        } catch (ReceiptVerificationException e) {
            return new ExchangeOutcome.Unproven(e.getMessage(), answer.answer());
        }
    }

    private ExchangeOutcome verify(ExchangeRequest request, RawAnswer answer, Optional<SignedPayment> payment)
            throws ReceiptVerificationException, NodeException, PaymentException, BundleException, InterruptedException {
        AnswerParts parts = AnswerParts.of(answer);
        Receipt receipt = parts.receipt();
        Optional<String> nonce = Optional.empty();
        if (request.headers().containsKey(NONCE_HEADER)) {
            nonce = Optional.of(ClientNonce.parse(request.headers().get(NONCE_HEADER)));
        }
        String node = paid.node().base().toString();
        ReceiptBundle bundle = completer.attest(parts.bundle(node, request, nonce, answer.answer().body(), payment));
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

    /**
     * Adds to a bundle what the node has of its proof and anchor by now, and checks it again.
     *
     * @param offline leaves the chain alone
     */
    public Checked recheck(ReceiptBundle bundle, boolean offline) throws NodeException, BundleException, InterruptedException {
        ReceiptBundle complete = completer.complete(bundle);
        if (complete != bundle) {
            store.save(complete);
        }
        return new Checked(complete, verifier.verify(complete, options.withOffline(offline)));
    }

    /** A bundle and what its checks say. */
    public record Checked(ReceiptBundle bundle, VerificationReport report) {}

    /** Waits, for a bounded time, until the receipts got so far are saved with their log proofs. */
    public void awaitProofs(Duration limit) throws InterruptedException {
        lateProofs.awaitProofs(limit);
    }

    @Override
    public void close() {
        lateProofs.close();
    }
}
