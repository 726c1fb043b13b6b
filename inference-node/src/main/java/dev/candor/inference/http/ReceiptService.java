package dev.candor.inference.http;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.receipt.LogEntry;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.PaymentBinding;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptIssuer;
import dev.candor.attestation.receipt.RequestBinding;
import dev.candor.attestation.receipt.RuntimeBinding;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.settlement.ledger.Ledger;
import dev.candor.settlement.ledger.LedgerException;
import dev.candor.settlement.ledger.ReceiptCommit;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Builds, signs and durably records receipts. Thread-safe; {@link #commit} and {@link #release} wait for the disk. */
public final class ReceiptService {
    private static final System.Logger LOG = System.getLogger(ReceiptService.class.getName());

    private final NodeIdentity identity;
    private final ReceiptIssuer issuer;
    private final Ledger ledger;
    private final Clock clock;

    public ReceiptService(NodeIdentity identity, ReceiptIssuer issuer, Ledger ledger, Clock clock) {
        this.identity = identity;
        this.issuer = issuer;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** The signed receipt of an answer; nothing is recorded yet. */
    SignedAnswer sign(Order order, List<int[]> tokens, OutputBinding output, UsageBinding usage) throws ApiException {
        Optional<PaymentBinding> payment = order.payment().map(paid -> payment(paid, usage));
        EngineInfo engine = order.model().engine().info();
        Receipt receipt = new Receipt(
                order.receiptId(),
                identity.nodeId(),
                Instant.now(clock).truncatedTo(ChronoUnit.SECONDS),
                order.verification(),
                new RequestBinding(order.path(), order.bodyDigest(), effective(order)),
                order.model().binding(),
                new RuntimeBinding(identity.version(), identity.build(), engine.onnxRuntimeVersion(), engine.executionProvider(),
                        engine.precision(), engine.determinismClass()),
                order.sampling(),
                output,
                usage,
                payment,
                identity.evidence(),
                order.nonce());
        return new SignedAnswer(
                order.receiptId(), issuer.sign(receipt), payment.map(PaymentBinding::charged).orElse(BigInteger.ZERO), tokens);
    }

    /**
     * Records receipt, log entry and charge; when it returns, they are on the disk.
     *
     * @throws LedgerException if they are not, and then the receipt must not leave
     */
    void commit(Order order, SignedAnswer answer) {
        join(ledger.commit(new ReceiptCommit(
                order.payment().map(Passage.Paid::key), answer.charged(), answer.id(), answer.cose(), LogEntry.receipt(answer.cose()).bytes())));
    }

    /** Gives a payment back whose work failed; if the ledger cannot, its recovery at the next start does. */
    void release(Passage.Paid payment, String reason) {
        try {
            join(ledger.release(payment.key(), reason));
        } catch (LedgerException e) {
            LOG.log(System.Logger.Level.ERROR, "payment " + payment.key().id() + " stays reserved until the next start", e);
        }
    }

    private static PaymentBinding payment(Passage.Paid paid, UsageBinding usage) {
        BigInteger amount = paid.price().amount(usage.promptTokens(), usage.completionTokens());
        return new PaymentBinding(
                paid.offer().scheme(),
                paid.offer().network(),
                EvmAddress.parse(paid.offer().asset()),
                paid.key().payer(),
                EvmAddress.parse(paid.offer().payTo()),
                paid.cap(),
                amount.min(paid.cap()),
                paid.key().nonce(),
                paid.price().input(),
                paid.price().output());
    }

    private static Digest effective(Order order) throws ApiException {
        try {
            return order.effective().digest();
        } catch (InvalidJsonException e) {
            throw new ApiException(ErrorCode.INVALID_JSON, "The body has no canonical form (RFC 8785): " + e.getMessage());
        }
    }

    private static <T> T join(CompletableFuture<T> write) {
        try {
            return write.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof LedgerException cause ? cause : new LedgerException("the ledger could not be written", e.getCause());
        }
    }
}
