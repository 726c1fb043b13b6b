package dev.candor.attestation.cbor;

import java.util.Optional;

/** Look-up in a CBOR map by key. */
public record CborMap(Cbor.Map map) {

    /** The value of {@code key}. */
    public Optional<Cbor> get(Cbor key) {
        return map.entries().stream().filter(entry -> entry.key().equals(key)).map(Cbor.Entry::value).findFirst();
    }

    public int size() {
        return map.entries().size();
    }
}
