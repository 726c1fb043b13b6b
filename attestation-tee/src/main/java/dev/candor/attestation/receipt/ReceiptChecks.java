package dev.candor.attestation.receipt;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Holds what a receipt says against what the verifier knows. Each method is one check of a verification and throws at the first difference. The
 * signature comes first ({@link SignedReceipt#verifySignature}): nothing of an unsigned receipt means anything.
 */
public final class ReceiptChecks {
    /** How far an issuer's clock may be ahead of the verifier's. */
    public static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(1);

    private ReceiptChecks() {}

    /**
     * The receipt is of this very request, and gives it what it asked for.
     *
     * @param path  the HTTP path the body was sent to
     * @param body  the exact bytes sent
     * @param nonce the value of {@code Candor-Nonce}, as {@link ClientNonce} reads it, where one was sent
     */
    public static void request(Receipt receipt, String path, byte[] body, Optional<String> nonce) throws ReceiptVerificationException {
        same("request path", receipt.request().path(), "the request went to", path);
        same("request body", receipt.request().body(), "the body's digest is", Digest.sha256(body));
        try {
            EffectiveRequest effective = EffectiveRequest.of(path, body, receipt.model(), receipt.sampling(), receipt.verification());
            same("effective request", receipt.request().effective(), "the one built from the body is", effective.digest());
            EffectiveRequest.checkConsistent(path, body, receipt);
        } catch (InvalidJsonException e) {
            throw new ReceiptVerificationException("the request's body is not JSON: " + e.getMessage(), e);
        }
        if (nonce.isPresent() || receipt.clientNonce().isPresent()) {
            same("client nonce", receipt.clientNonce().orElse("none"), "the request's is", nonce.orElse("none"));
        }
    }

    /**
     * The receipt is of this very answer, and counts its tokens and finish reasons as they are.
     *
     * @param request the exact bytes sent, which {@link #request} has found to be the receipt's; they say of how many candidates the choices are the
     *                best
     */
    public static void output(Receipt receipt, byte[] request, ResponseBytes answer) throws ReceiptVerificationException {
        same("answer format", receipt.output().format(), "the answer's is", answer.output().format());
        same("answer body", receipt.output().body(), "the answer's digest is", answer.output().body());
        same("choices", receipt.output().choices(), "the answer's digest is", answer.output().choices());
        same("token ids", receipt.output().tokens(), "the digests of the answer's are", answer.output().tokens());
        same("number of choices", receipt.output().tokens().size(), "the answer has", answer.content().finishReasons().size());
        completionTokens(receipt, request, answer.tokenIds().stream().mapToLong(ids -> ids.length).sum());
        same("finish reasons", receipt.usage().finishReasons(), "the answer's are", answer.content().finishReasons());
    }

    private static void completionTokens(Receipt receipt, byte[] request, long delivered) throws ReceiptVerificationException {
        int generated = receipt.usage().completionTokens();
        Operation operation = Operation.of(receipt.request().path());
        try {
            boolean allowed = operation == Operation.COMPLETION
                    ? Candidates.of(operation, StrictJson.parseObject(request)).allow(generated, delivered, receipt.sampling().maxTokens())
                    : generated == delivered;
            if (!allowed) {
                throw ReceiptVerificationException.differs("completion tokens", generated, "the answer has", delivered);
            }
        } catch (InvalidJsonException e) {
            throw new ReceiptVerificationException("the request's body is not JSON: " + e.getMessage(), e);
        }
    }

    /**
     * How many answers of up to {@code smp.max} tokens a request has drawn, for all of its prompts and choices together: a cap pays for all of them.
     *
     * @param path    where the request went
     * @param request the exact bytes sent; read only where tokens are generated
     * @return 0 where no tokens are generated
     */
    public static long drawn(String path, byte[] request) throws ReceiptVerificationException {
        Operation operation = Operation.of(path);
        if (operation.limits().isEmpty()) {
            return 0;
        }
        try {
            return Candidates.of(operation, StrictJson.parseObject(request)).drawn();
        } catch (InvalidJsonException e) {
            throw new ReceiptVerificationException("the request's body is not JSON: " + e.getMessage(), e);
        }
    }

    /**
     * The receipt is not from the future. One that is would stay young, and its proof pending, for as long as its issuer likes.
     *
     * @param now the verifier's clock; the issuer's may be {@link #MAX_CLOCK_SKEW} ahead
     */
    public static void issuedAt(Receipt receipt, Instant now) throws ReceiptVerificationException {
        if (receipt.issuedAt().isAfter(now.plus(MAX_CLOCK_SKEW))) {
            throw ReceiptVerificationException.differs("time of issue", receipt.issuedAt(), "it is only", now);
        }
    }

    /** The model that ran has the manifest digest that the verifier expects. */
    public static void model(Receipt receipt, Digest expected) throws ReceiptVerificationException {
        same("model digest of " + receipt.model().name(), receipt.model().digest(), "the expected one is", expected);
    }

    /** The receipt names the Evidence at hand. */
    public static void evidence(Receipt receipt, String kind, Digest evidence, String nodeId) throws ReceiptVerificationException {
        same("evidence kind", receipt.evidence().kind(), "the Evidence at hand is", kind);
        same("evidence digest", receipt.evidence().cpu(), "the Evidence at hand has", evidence);
        same("issuer", receipt.issuer(), "the key statement is of node", nodeId);
    }

    /** The amounts add up: charged is price times tokens, bounded by the cap, and caps and counts are of this receipt. */
    public static void payment(Receipt receipt) throws ReceiptVerificationException {
        if (receipt.payment().isEmpty()) {
            return;
        }
        PaymentBinding payment = receipt.payment().get();
        BigInteger cost = payment.inputPrice()
                .multiply(BigInteger.valueOf(receipt.usage().promptTokens()))
                .add(payment.outputPrice().multiply(BigInteger.valueOf(receipt.usage().completionTokens())));
        same("charged amount", payment.charged(), "its tokens at its prices, up to the cap, cost", cost.min(payment.cap()));
    }

    /** As {@link #payment(Receipt)}, and the terms are those of the payment that the verifier signed; {@code charged} of {@code signed} is not read. */
    public static void payment(Receipt receipt, PaymentBinding signed) throws ReceiptVerificationException {
        PaymentBinding said = receipt.payment()
                .orElseThrow(() -> new ReceiptVerificationException("payment: the receipt says none, the request was paid by " + signed.payer()));
        same("payment scheme", said.scheme(), "the signed one is", signed.scheme());
        same("payment network", said.network(), "the signed one is", signed.network());
        same("payment asset", said.asset(), "the signed one is", signed.asset());
        same("payer", said.payer(), "the signer is", signed.payer());
        same("payee", said.payTo(), "the signed one is", signed.payTo());
        same("payment cap", said.cap(), "the signed one is", signed.cap());
        same("payment nonce", said.nonce(), "the signed one is", signed.nonce());
        same("prices", List.of(said.inputPrice(), said.outputPrice()), "the offered ones are", List.of(signed.inputPrice(), signed.outputPrice()));
        payment(receipt);
    }

    private static void same(String what, Object said, String source, Object found) throws ReceiptVerificationException {
        if (!said.equals(found)) {
            throw ReceiptVerificationException.differs(what, said, source, found);
        }
    }
}
