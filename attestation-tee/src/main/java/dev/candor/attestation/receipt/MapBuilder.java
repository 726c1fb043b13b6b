package dev.candor.attestation.receipt;

import dev.candor.attestation.cbor.Cbor;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Collects the members of a CBOR map. */
final class MapBuilder {
    private final List<Cbor.Entry> entries = new ArrayList<>();

    MapBuilder put(String key, Cbor value) {
        entries.add(new Cbor.Entry(new Cbor.Text(key), value));
        return this;
    }

    MapBuilder put(long label, Cbor value) {
        entries.add(new Cbor.Entry(new Cbor.Int(label), value));
        return this;
    }

    MapBuilder text(String key, String value) {
        return put(key, new Cbor.Text(value));
    }

    MapBuilder bytes(String key, byte[] value) {
        return put(key, new Cbor.Bytes(value));
    }

    MapBuilder digest(String key, Digest value) {
        return bytes(key, value.bytes());
    }

    MapBuilder address(String key, EvmAddress value) {
        return bytes(key, value.bytes());
    }

    MapBuilder integer(String key, long value) {
        return put(key, new Cbor.Int(value));
    }

    MapBuilder amount(String key, BigInteger value) {
        return put(key, new Cbor.Int(value));
    }

    MapBuilder real(String key, double value) {
        return put(key, new Cbor.Float(value == 0 ? 0.0 : value));
    }

    MapBuilder texts(String key, List<String> values) {
        return put(key, new Cbor.Array(values.stream().<Cbor>map(Cbor.Text::new).toList()));
    }

    MapBuilder digests(String key, List<Digest> values) {
        return put(key, new Cbor.Array(values.stream().<Cbor>map(value -> new Cbor.Bytes(value.bytes())).toList()));
    }

    Cbor.Map build() {
        return new Cbor.Map(entries);
    }
}
