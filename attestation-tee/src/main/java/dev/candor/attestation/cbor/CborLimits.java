package dev.candor.attestation.cbor;

/** What the codec refuses to go beyond. */
final class CborLimits {
    static final int MAX_DEPTH = 16;
    static final int MAX_BIGNUM_BYTES = 64;

    private CborLimits() {}
}
