package dev.candor.attestation.cbor;

import java.math.BigInteger;
import java.util.List;

/** A CBOR data item (RFC 8949): the parts that receipts and COSE need. */
public sealed interface Cbor {

    /** An integer of major types 0 and 1, or a bignum of tags 2 and 3 beyond 64 bits, at most {@value CborLimits#MAX_BIGNUM_BYTES} bytes wide. */
    record Int(BigInteger value) implements Cbor {
        public Int(long value) {
            this(BigInteger.valueOf(value));
        }
    }

    /** A byte string; the array belongs to the item and is not to be changed. */
    record Bytes(byte[] value) implements Cbor {
        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes(byte[] bytes) && java.util.Arrays.equals(value, bytes);
        }

        @Override
        public int hashCode() {
            return java.util.Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "h'" + java.util.HexFormat.of().formatHex(value) + "'";
        }
    }

    /** A text string, without lone surrogates. */
    record Text(String value) implements Cbor {}

    /** An array. */
    record Array(List<Cbor> items) implements Cbor {
        public Array {
            items = List.copyOf(items);
        }
    }

    /** One member of a map. */
    record Entry(Cbor key, Cbor value) {}

    /** A map; the encoder sorts the entries, the decoder delivers them sorted. */
    record Map(List<Entry> entries) implements Cbor {
        public Map {
            entries = List.copyOf(entries);
        }
    }

    /** A tagged item. */
    record Tag(long number, Cbor item) implements Cbor {}

    /** A finite floating-point number; encoded in the shortest of the three forms that keeps its value. */
    record Float(double value) implements Cbor {}

    /** {@code true} or {@code false}. */
    record Bool(boolean value) implements Cbor {}

    /** {@code null}. */
    record Null() implements Cbor {}
}
