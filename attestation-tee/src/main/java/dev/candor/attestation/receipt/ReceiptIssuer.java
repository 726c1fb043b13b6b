package dev.candor.attestation.receipt;

import dev.candor.attestation.cbor.CoseSign1;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.digest.Digest;
import java.util.Arrays;

/** Signs receipts with the node's receipt key. Safe for use by many threads. */
public final class ReceiptIssuer {
    private final Secp256k1KeyPair key;

    public ReceiptIssuer(Secp256k1KeyPair key) {
        this.key = key;
    }

    /**
     * The signed receipt, a tagged COSE_Sign1.
     *
     * @throws IllegalArgumentException if {@code receipt} has a value that no verifier would accept: a receipt is read back before it leaves
     */
    public byte[] sign(Receipt receipt) {
        ReceiptCodec.Unsigned unsigned = ReceiptCodec.encode(receipt, key.address());
        byte[] toBeSigned = CoseSign1.toBeSigned(unsigned.header(), unsigned.payload());
        byte[] signature = key.signDigest(Digest.sha256(toBeSigned).bytes());
        byte[] cose = CoseSign1.of(unsigned.header(), unsigned.payload(), signature).encode();
        try {
            Receipt read = SignedReceipt.parse(cose).receipt();
            if (Arrays.equals(ReceiptCodec.encode(read, key.address()).payload(), unsigned.payload())) {
                return cose;
            }
            throw new IllegalArgumentException("receipt " + receipt.id() + " does not survive its own encoding");
        } catch (ReceiptVerificationException e) {
            throw new IllegalArgumentException("receipt " + receipt.id() + " cannot be issued: " + e.getMessage(), e);
        }
    }
}
