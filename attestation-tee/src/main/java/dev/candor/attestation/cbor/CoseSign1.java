package dev.candor.attestation.cbor;

import java.util.List;
import java.util.Optional;

/**
 * A tagged COSE_Sign1 message with its payload inside (RFC 9052, 4.2): {@code 18([protected, unprotected, payload, signature])}. Says nothing of
 * whether the signature is good: {@link #toBeSigned} gives the bytes it is over.
 */
public final class CoseSign1 {
    /** Header label of the algorithm. */
    public static final long ALG = 1;
    /** Header label of the content type. */
    public static final long CONTENT_TYPE = 3;
    /** Header label of the key identifier. */
    public static final long KID = 4;
    /** Header label of the CWT claims (RFC 9597). */
    public static final long CWT_CLAIMS = 15;

    private static final long TAG = 18;

    private final byte[] protectedBytes;
    private final CborMap protectedHeader;
    private final CborMap unprotectedHeader;
    private final byte[] payload;
    private final byte[] signature;

    private CoseSign1(byte[] protectedBytes, CborMap protectedHeader, CborMap unprotectedHeader, byte[] payload, byte[] signature) {
        this.protectedBytes = protectedBytes;
        this.protectedHeader = protectedHeader;
        this.unprotectedHeader = unprotectedHeader;
        this.payload = payload;
        this.signature = signature;
    }

    /** A message with an empty unprotected header. */
    public static CoseSign1 of(Cbor.Map protectedHeader, byte[] payload, byte[] signature) {
        byte[] header = CborEncoder.encode(protectedHeader);
        return new CoseSign1(header, new CborMap(protectedHeader), new CborMap(new Cbor.Map(List.of())), payload.clone(), signature.clone());
    }

    /**
     * Reads a message.
     *
     * @param maxBytes how long {@code bytes} may be
     * @throws CoseException if {@code bytes} is not a deterministically encoded, tagged COSE_Sign1 with an embedded payload, or a header label
     *     is neither integer nor text, or stands in both headers
     */
    public static CoseSign1 parse(byte[] bytes, int maxBytes) throws CoseException {
        try {
            if (!(CborDecoder.decode(bytes, maxBytes) instanceof Cbor.Tag(long number, Cbor.Array(List<Cbor> parts))) || number != TAG) {
                throw new CoseException("not a COSE_Sign1: CBOR tag 18 around an array is missing");
            }
            if (parts.size() == 4
                    && parts.get(0) instanceof Cbor.Bytes(byte[] header)
                    && parts.get(1) instanceof Cbor.Map unprotectedMap
                    && parts.get(2) instanceof Cbor.Bytes(byte[] payload)
                    && parts.get(3) instanceof Cbor.Bytes(byte[] signature)) {
                CborMap protectedHeader = new CborMap(headerMap(header));
                CborMap unprotectedHeader = new CborMap(unprotectedMap);
                requireLabels(protectedHeader, unprotectedHeader);
                return new CoseSign1(header, protectedHeader, unprotectedHeader, payload, signature);
            }
            throw new CoseException("not a COSE_Sign1: the array is not [bstr, map, bstr, bstr]");
        } catch (CborException e) {
            throw new CoseException(e.getMessage());
        }
    }

    private static Cbor.Map headerMap(byte[] header) throws CborException, CoseException {
        if (header.length == 0) {
            return new Cbor.Map(List.of());
        }
        if (CborDecoder.decode(header, header.length) instanceof Cbor.Map map) {
            return map;
        }
        throw new CoseException("the protected header is not a map");
    }

    private static void requireLabels(CborMap protectedHeader, CborMap unprotectedHeader) throws CoseException {
        for (Cbor.Entry entry : protectedHeader.map().entries()) {
            if (!(entry.key() instanceof Cbor.Int) && !(entry.key() instanceof Cbor.Text)) {
                throw new CoseException("a header label is neither integer nor text: " + entry.key());
            }
            if (unprotectedHeader.get(entry.key()).isPresent()) {
                throw new CoseException("the header label " + entry.key() + " is both protected and unprotected");
            }
        }
        for (Cbor.Entry entry : unprotectedHeader.map().entries()) {
            if (!(entry.key() instanceof Cbor.Int) && !(entry.key() instanceof Cbor.Text)) {
                throw new CoseException("a header label is neither integer nor text: " + entry.key());
            }
        }
    }

    /** The message's bytes. */
    public byte[] encode() {
        return CborEncoder.encode(new Cbor.Tag(
                TAG,
                new Cbor.Array(List.of(
                        new Cbor.Bytes(protectedBytes), unprotectedHeader.map(), new Cbor.Bytes(payload), new Cbor.Bytes(signature)))));
    }

    /** The Sig_structure (RFC 9052, 4.4) that the signature is over. */
    public byte[] toBeSigned(byte[] externalAad) {
        return toBeSigned(protectedBytes, externalAad, payload);
    }

    /** The Sig_structure of a message that is yet to be signed. */
    public static byte[] toBeSigned(Cbor.Map protectedHeader, byte[] payload) {
        return toBeSigned(CborEncoder.encode(protectedHeader), new byte[0], payload);
    }

    private static byte[] toBeSigned(byte[] header, byte[] externalAad, byte[] payload) {
        // Section 4.4, step 2: an empty map counts as a zero-length string.
        byte[] body = header.length == 1 && header[0] == (byte) 0xa0 ? new byte[0] : header;
        return CborEncoder.encode(new Cbor.Array(List.of(
                new Cbor.Text("Signature1"), new Cbor.Bytes(body), new Cbor.Bytes(externalAad), new Cbor.Bytes(payload))));
    }

    public CborMap protectedHeader() {
        return protectedHeader;
    }

    public CborMap unprotectedHeader() {
        return unprotectedHeader;
    }

    /** The payload, in a new array. */
    public byte[] payload() {
        return payload.clone();
    }

    /** The signature as it stands, in a new array; its form depends on the algorithm. */
    public byte[] signature() {
        return signature.clone();
    }

    /** A known algorithm's header value, or empty where the protected header names none as an integer. */
    public Optional<Long> algorithm() {
        return protectedHeader.get(new Cbor.Int(ALG)).flatMap(value ->
                value instanceof Cbor.Int(java.math.BigInteger number) && number.bitLength() < 64 ? Optional.of(number.longValue()) : Optional.empty());
    }
}
