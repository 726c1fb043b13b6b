package dev.candor.attestation.receipt;

import dev.candor.attestation.cbor.Cbor;
import dev.candor.attestation.cbor.CborDecoder;
import dev.candor.attestation.cbor.CborEncoder;
import dev.candor.attestation.cbor.CborException;
import dev.candor.attestation.cbor.CoseSign1;
import dev.candor.attestation.crypto.EvmAddress;
import java.time.Instant;

/** Receipts as the protected header and the payload of a COSE_Sign1: the encoding of {@code docs/receipt.md}, version {@value #VERSION}. */
public final class ReceiptCodec {
    /** Media type of the payload, in header 3. */
    public static final String CONTENT_TYPE = "application/vnd.candor.receipt+cbor";
    /** ECDSA over secp256k1 with SHA-256 (RFC 8812), in header 1. */
    public static final long ES256K = -47;
    /** The payload's {@code v}. */
    public static final int VERSION = 1;
    /** How long a signed receipt may be. */
    public static final int MAX_BYTES = 64 * 1024;

    private static final long MAX_SECONDS = 1L << 40;

    /** The protected header and the payload of a receipt that is yet to be signed. */
    public record Unsigned(Cbor.Map header, byte[] payload) {}

    /** A receipt with the signer its {@code kid} claims. */
    public record Decoded(Receipt receipt, EvmAddress signer) {}

    private ReceiptCodec() {}

    /** The bytes to sign for {@code receipt}, under the key of {@code signer}. */
    public static Unsigned encode(Receipt receipt, EvmAddress signer) {
        Cbor.Map claims = new MapBuilder()
                .put(1, new Cbor.Text(receipt.issuer()))
                .put(6, new Cbor.Int(receipt.issuedAt().getEpochSecond()))
                .put(7, new Cbor.Bytes(receipt.id().cti()))
                .build();
        Cbor.Map header = new MapBuilder()
                .put(CoseSign1.ALG, new Cbor.Int(ES256K))
                .put(CoseSign1.CONTENT_TYPE, new Cbor.Text(CONTENT_TYPE))
                .put(CoseSign1.KID, new Cbor.Bytes(signer.bytes()))
                .put(CoseSign1.CWT_CLAIMS, claims)
                .build();
        return new Unsigned(header, CborEncoder.encode(ReceiptPayload.write(receipt)));
    }

    /**
     * What a message says; the signature is not looked at.
     *
     * @throws ReceiptVerificationException if header or payload is not exactly that of a receipt
     */
    public static Decoded decode(CoseSign1 message) throws ReceiptVerificationException {
        if (message.unprotectedHeader().size() != 0) {
            throw new ReceiptVerificationException("the receipt is damaged or was altered: the unprotected header is not empty");
        }
        FieldReader header = new FieldReader(message.protectedHeader().map(), "header");
        long algorithm = header.integer("#1", Long.MIN_VALUE, Long.MAX_VALUE);
        if (algorithm != ES256K) {
            throw new ReceiptVerificationException("the receipt is damaged or was altered: the algorithm is " + algorithm + ", wanted " + ES256K + " (ES256K)");
        }
        String type = header.text("#3", 256);
        if (!type.equals(CONTENT_TYPE)) {
            throw new ReceiptVerificationException("the receipt is damaged or was altered: the content type is " + type + ", wanted " + CONTENT_TYPE);
        }
        EvmAddress signer = header.address("#4");
        FieldReader claims = header.map("#15");
        header.end();
        String issuer = claims.text("#1", 256);
        Instant issuedAt = Instant.ofEpochSecond(claims.integer("#6", 0, MAX_SECONDS));
        ReceiptId id = ReceiptId.of(claims.bytes("#7", 16, 16));
        claims.end();
        return new Decoded(ReceiptPayload.read(payload(message), id, issuer, issuedAt), signer);
    }

    private static Cbor payload(CoseSign1 message) throws ReceiptVerificationException {
        try {
            return CborDecoder.decode(message.payload(), MAX_BYTES);
        } catch (CborException e) {
            throw new ReceiptVerificationException("the receipt is damaged or was altered: " + e.getMessage(), e);
        }
    }
}
