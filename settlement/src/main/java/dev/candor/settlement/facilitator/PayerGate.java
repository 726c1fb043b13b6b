package dev.candor.settlement.facilitator;

import dev.candor.attestation.crypto.EvmAddress;

/**
 * Says whether a payer may have one more request, once his payment holds and before anything of it is reserved.
 *
 * @param <X> what it refuses with
 */
@FunctionalInterface
public interface PayerGate<X extends Exception> {
    /** @throws X if he may not; nothing is reserved then */
    void admit(EvmAddress payer) throws X;

    /** Everybody may. */
    static PayerGate<RuntimeException> open() {
        return payer -> {};
    }
}
