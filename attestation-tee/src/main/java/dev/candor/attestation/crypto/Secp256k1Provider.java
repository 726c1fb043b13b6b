package dev.candor.attestation.crypto;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Chooses the implementation once, on first use. */
final class Secp256k1Provider {
    static final Secp256k1 INSTANCE = choose();

    private Secp256k1Provider() {}

    private static Secp256k1 choose() {
        try {
            Secp256k1 fast = new AcinqSecp256k1();
            byte[] one = new byte[32];
            one[31] = 1;
            fast.publicKey(one);
            return fast;
        } catch (LinkageError | RuntimeException e) {
            Logger log = System.getLogger(Secp256k1Provider.class.getName());
            log.log(Level.WARNING, "libsecp256k1 does not load here ({0}); signing in Java, about ten times slower", e.toString());
            return new BouncySecp256k1();
        }
    }
}
