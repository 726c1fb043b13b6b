package dev.candor.attestation.cbor;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes CBOR in the core deterministic encoding (RFC 8949, 4.2.1). */
public final class CborEncoder {
    private static final BigInteger MAX_U64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    private CborEncoder() {}

    /**
     * The one encoding of {@code item}.
     *
     * @throws IllegalArgumentException for a map with duplicate keys, a number that is not finite or too wide, a lone surrogate
     */
    public static byte[] encode(Cbor item) {
        CborEncoder encoder = new CborEncoder();
        encoder.write(item, 0);
        return encoder.out.toByteArray();
    }

    private void write(Cbor item, int depth) {
        if (depth > CborLimits.MAX_DEPTH) {
            throw new IllegalArgumentException("CBOR nested deeper than " + CborLimits.MAX_DEPTH + " levels");
        }
        switch (item) {
            case Cbor.Int(BigInteger value) -> writeInt(value);
            case Cbor.Bytes(byte[] value) -> writeString(2, value);
            case Cbor.Text(String value) -> writeString(3, utf8(value));
            case Cbor.Array(List<Cbor> items) -> {
                head(4, items.size());
                items.forEach(each -> write(each, depth + 1));
            }
            case Cbor.Map(List<Cbor.Entry> entries) -> writeMap(entries, depth);
            case Cbor.Tag(long number, Cbor tagged) -> {
                head(6, number);
                write(tagged, depth + 1);
            }
            case Cbor.Float(double value) -> writeFloat(value);
            case Cbor.Bool(boolean value) -> out.write(value ? 0xf5 : 0xf4);
            case Cbor.Null() -> out.write(0xf6);
        }
    }

    private void writeInt(BigInteger value) {
        boolean negative = value.signum() < 0;
        BigInteger magnitude = negative ? value.not() : value;
        if (magnitude.compareTo(MAX_U64) <= 0) {
            head(negative ? 1 : 0, magnitude.longValue());
            return;
        }
        byte[] bytes = unsigned(magnitude);
        if (bytes.length > CborLimits.MAX_BIGNUM_BYTES) {
            throw new IllegalArgumentException("integer wider than " + CborLimits.MAX_BIGNUM_BYTES + " bytes");
        }
        head(6, negative ? 3 : 2);
        writeString(2, bytes);
    }

    private static byte[] unsigned(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private void writeMap(List<Cbor.Entry> entries, int depth) {
        List<byte[][]> encoded = new ArrayList<>(entries.size());
        for (Cbor.Entry entry : entries) {
            encoded.add(new byte[][] {nested(entry.key(), depth), nested(entry.value(), depth)});
        }
        encoded.sort((a, b) -> Arrays.compareUnsigned(a[0], b[0]));
        head(5, encoded.size());
        byte[] previous = null;
        for (byte[][] entry : encoded) {
            if (previous != null && Arrays.equals(previous, entry[0])) {
                throw new IllegalArgumentException("a CBOR map has a key twice");
            }
            previous = entry[0];
            out.writeBytes(entry[0]);
            out.writeBytes(entry[1]);
        }
    }

    private static byte[] nested(Cbor item, int depth) {
        CborEncoder encoder = new CborEncoder();
        encoder.write(item, depth + 1);
        return encoder.out.toByteArray();
    }

    private void writeFloat(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("only finite numbers are encoded, got " + value);
        }
        float single = (float) value;
        if (Double.compare(single, value) != 0) {
            out.write(0xfb);
            big(Double.doubleToLongBits(value), 8);
            return;
        }
        short half = java.lang.Float.floatToFloat16(single);
        if (java.lang.Float.compare(java.lang.Float.float16ToFloat(half), single) == 0) {
            out.write(0xf9);
            big(half, 2);
        } else {
            out.write(0xfa);
            big(java.lang.Float.floatToIntBits(single), 4);
        }
    }

    private void writeString(int major, byte[] value) {
        head(major, value.length);
        out.writeBytes(value);
    }

    static byte[] utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (!new String(bytes, StandardCharsets.UTF_8).equals(text)) {
            throw new IllegalArgumentException("a text string has a lone surrogate");
        }
        return bytes;
    }

    /** @param argument unsigned */
    private void head(int major, long argument) {
        int type = major << 5;
        if (argument >= 0 && argument < 24) {
            out.write(type | (int) argument);
        } else if (Long.compareUnsigned(argument, 0xffL) <= 0) {
            out.write(type | 24);
            big(argument, 1);
        } else if (Long.compareUnsigned(argument, 0xffffL) <= 0) {
            out.write(type | 25);
            big(argument, 2);
        } else if (Long.compareUnsigned(argument, 0xffff_ffffL) <= 0) {
            out.write(type | 26);
            big(argument, 4);
        } else {
            out.write(type | 27);
            big(argument, 8);
        }
    }

    private void big(long value, int width) {
        for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) {
            out.write((int) (value >>> shift));
        }
    }
}
