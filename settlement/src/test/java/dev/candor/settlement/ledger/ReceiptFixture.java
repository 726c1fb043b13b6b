package dev.candor.settlement.ledger;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.EvidenceBinding;
import dev.candor.attestation.receipt.LogEntry;
import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.PaymentBinding;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptIssuer;
import dev.candor.attestation.receipt.RequestBinding;
import dev.candor.attestation.receipt.RuntimeBinding;
import dev.candor.attestation.receipt.SamplingBinding;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.attestation.receipt.Verification;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Real signed receipts about nothing. */
final class ReceiptFixture {
    private static final Digest SOME = Digest.sha256(new byte[] {1});
    final Secp256k1KeyPair key;

    ReceiptFixture(int secret) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) secret);
        key = Secp256k1KeyPair.of(bytes);
    }

    /** A signed receipt number {@code n} over {@code tokens} prompt tokens at a price of one. */
    ReceiptCommit commit(Optional<PaymentKey> payment, int tokens, long n) {
        Optional<PaymentBinding> binding = payment.map(paid -> new PaymentBinding(
                "upto", "eip155:" + paid.chainId(), EvmAddress.of(new byte[20]), paid.payer(), LedgerFixture.BOB,
                LedgerFixture.CAP, BigInteger.valueOf(tokens), paid.nonce(), BigInteger.ONE, BigInteger.ONE));
        byte[] cose = new ReceiptIssuer(key).sign(receipt(binding, tokens, n));
        BigInteger charged = payment.isPresent() ? BigInteger.valueOf(tokens) : BigInteger.ZERO;
        return new ReceiptCommit(payment, charged, LedgerFixture.receiptId(n), cose, LogEntry.receipt(cose).bytes());
    }

    private static Receipt receipt(Optional<PaymentBinding> payment, int tokens, long n) {
        return new Receipt(
                LedgerFixture.receiptId(n),
                "candor-0123456789abcdef",
                Instant.ofEpochSecond(1_764_000_000),
                Verification.TEE,
                new RequestBinding("/v1/chat/completions", SOME, SOME),
                new ModelBinding("a/b@1", SOME),
                new RuntimeBinding("0.1.0", SOME, "1.29.0", "cpu", "q8", "cpu-x"),
                new SamplingBinding(0, 1, 0, 0, 0, 0, 1, 1, 16, List.of()),
                new OutputBinding(List.of(SOME), SOME, SOME, "json"),
                new UsageBinding(tokens, 0, 0, List.of("stop")),
                payment,
                new EvidenceBinding("software", SOME, Optional.empty(), SOME),
                Optional.empty());
    }
}
