package dev.candor.settlement.scheme;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;

/** Signs payments for one account, wherever its key is: at hand, in a hardware module, behind a service. Must be thread-safe. */
public interface PaymentSigner {
    /** The account that pays. */
    EvmAddress address();

    /**
     * Signs an EIP-712 digest.
     *
     * @param digest 32 bytes
     * @return 65 bytes, {@code r || s || v}, {@code v} 27 or 28
     */
    byte[] sign(byte[] digest);

    /** Signs with a key at hand. */
    static PaymentSigner of(Secp256k1KeyPair key) {
        return new PaymentSigner() {
            @Override
            public EvmAddress address() {
                return key.address();
            }

            @Override
            public byte[] sign(byte[] digest) {
                return key.signRecoverable(digest);
            }
        };
    }
}
