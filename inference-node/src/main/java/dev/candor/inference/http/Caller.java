package dev.candor.inference.http;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.inference.limits.ClientId;
import dev.candor.inference.limits.RateLimit;

/**
 * Who sends a request.
 *
 * @param limit    on what it may ask for
 * @param vouched  whether the operator has given it a key, so that it need not pay
 */
record Caller(ClientId client, RateLimit limit, boolean vouched) {
    static ClientId payer(EvmAddress payer) {
        return new ClientId(ClientId.Kind.PAYER, payer.value());
    }

    static ClientId key(String name) {
        return new ClientId(ClientId.Kind.KEY, name);
    }

    /** Of IPv6 the first 64 bits, since whoever has one address there has all that share them. @param host an address in digits */
    static ClientId address(String host) {
        return new ClientId(ClientId.Kind.ADDRESS, Network.of(host));
    }
}
