package dev.candor.attestation.receipt;

import dev.candor.attestation.cbor.CoseException;
import dev.candor.attestation.cbor.CoseSign1;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.InvalidSignatureException;
import dev.candor.attestation.crypto.Secp256k1;
import dev.candor.attestation.digest.Digest;

/** A receipt with its signature, as it travels: COSE bytes, read but not yet believed. */
public final class SignedReceipt {
    private final byte[] cose;
    private final CoseSign1 message;
    private final Receipt receipt;
    private final EvmAddress signer;

    private SignedReceipt(byte[] cose, CoseSign1 message, Receipt receipt, EvmAddress signer) {
        this.cose = cose;
        this.message = message;
        this.receipt = receipt;
        this.signer = signer;
    }

    /**
     * Reads a receipt; the signature is not checked.
     *
     * @throws ReceiptVerificationException if {@code cose} is not exactly the encoding of a receipt
     */
    public static SignedReceipt parse(byte[] cose) throws ReceiptVerificationException {
        byte[] own = cose.clone();
        try {
            CoseSign1 message = CoseSign1.parse(own, ReceiptCodec.MAX_BYTES);
            ReceiptCodec.Decoded decoded = ReceiptCodec.decode(message);
            return new SignedReceipt(own, message, decoded.receipt(), decoded.signer());
        } catch (CoseException e) {
            throw new ReceiptVerificationException("the receipt is damaged or was altered: " + e.getMessage(), e);
        }
    }

    /**
     * Checks that the key of {@code publicKey} signed this receipt and is the one that its {@code kid} names.
     *
     * @param publicKey 33 bytes, compressed, from the key statement that Evidence binds
     * @throws ReceiptVerificationException if not
     */
    public void verifySignature(byte[] publicKey) throws ReceiptVerificationException {
        Secp256k1 curve = Secp256k1.get();
        try {
            EvmAddress address = curve.address(publicKey);
            if (!address.equals(signer)) {
                throw ReceiptVerificationException.differs("signer", signer, "the key statement's key is", address);
            }
            curve.verify(publicKey, Digest.sha256(message.toBeSigned(new byte[0])).bytes(), message.signature());
        } catch (InvalidSignatureException e) {
            throw new ReceiptVerificationException("signature of receipt " + receipt.id() + ": " + e.getMessage(), e);
        }
    }

    public Receipt receipt() {
        return receipt;
    }

    /** The address of the key that the receipt says signed it. */
    public EvmAddress signer() {
        return signer;
    }

    /** The signed bytes, in a new array. */
    public byte[] cose() {
        return cose.clone();
    }

    /** SHA-256 of the signed bytes, the value the log holds. */
    public Digest digest() {
        return Digest.sha256(cose);
    }

    /** What the log holds of this receipt. */
    public LogEntry logEntry() {
        return LogEntry.receipt(cose);
    }
}
