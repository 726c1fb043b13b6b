package dev.candor.settlement.ledger;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.ReceiptId;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/** Payments and commits that differ by a number. */
final class LedgerFixture {
    static final EvmAddress ALICE = EvmAddress.parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    static final EvmAddress BOB = EvmAddress.parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
    static final BigInteger NO_LIMIT = BigInteger.TWO.pow(256);
    static final BigInteger CAP = BigInteger.valueOf(1_000);
    static final Instant DEADLINE = Instant.parse("2026-11-21T12:00:00Z");

    private LedgerFixture() {}

    static PaymentKey key(EvmAddress payer, long n) {
        return new PaymentKey(31337, payer, BigInteger.TWO.pow(255).add(BigInteger.valueOf(n)));
    }

    static Reservation reservation(EvmAddress payer, long n) {
        return new Reservation(key(payer, n), CAP, DEADLINE.plusSeconds(n), body(n), "{\"n\":" + n + "}");
    }

    static Digest body(long n) {
        return Digest.sha256(bytes(n));
    }

    static ReceiptId receiptId(long n) {
        return ReceiptId.of(ByteBuffer.allocate(16).putLong(n).putLong(n).array());
    }

    /** A commit whose COSE bytes only stand for a receipt. */
    static ReceiptCommit commit(Optional<PaymentKey> payment, long charged, long n) {
        byte[] cose = bytes(n);
        byte[] leaf = ByteBuffer.allocate(33).put((byte) 1).put(Digest.sha256(cose).bytes()).array();
        return new ReceiptCommit(payment, BigInteger.valueOf(charged), receiptId(n), cose, leaf);
    }

    private static byte[] bytes(long n) {
        return ByteBuffer.allocate(8).putLong(n).array();
    }
}
