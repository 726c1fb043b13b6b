package dev.candor.attestation.cbor;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads one CBOR item and accepts only its core deterministic encoding (RFC 8949, 4.2.1), so that equal items have equal bytes. Refused:
 * indefinite lengths, lengths and numbers not in their shortest form, map keys unsorted or twice, text that is not UTF-8, simple values but
 * {@code false}, {@code true} and {@code null}, numbers that are not finite, nesting deeper than {@value CborLimits#MAX_DEPTH}, trailing bytes.
 */
public final class CborDecoder {
    private final byte[] in;
    private int at;

    private CborDecoder(byte[] in) {
        this.in = in;
    }

    /**
     * The item in {@code bytes}.
     *
     * @param maxBytes how long {@code bytes} may be
     * @throws CborException if {@code bytes} is longer, or not exactly one deterministically encoded item
     */
    public static Cbor decode(byte[] bytes, int maxBytes) throws CborException {
        if (bytes.length > maxBytes) {
            throw new CborException("CBOR of " + bytes.length + " bytes, at most " + maxBytes + " are taken");
        }
        CborDecoder decoder = new CborDecoder(bytes);
        Cbor item = decoder.read(0);
        if (decoder.at != bytes.length) {
            throw decoder.fault((bytes.length - decoder.at) + " trailing bytes");
        }
        return item;
    }

    private Cbor read(int depth) throws CborException {
        if (depth > CborLimits.MAX_DEPTH) {
            throw fault("nested deeper than " + CborLimits.MAX_DEPTH + " levels");
        }
        int initial = next();
        int major = initial >> 5;
        int info = initial & 0x1f;
        if (major == 7) {
            return readSimple(info);
        }
        long argument = argument(info);
        return switch (major) {
            case 0 -> new Cbor.Int(unsigned(argument));
            case 1 -> new Cbor.Int(unsigned(argument).not());
            case 2 -> new Cbor.Bytes(take(argument));
            case 3 -> new Cbor.Text(text(take(argument)));
            case 4 -> readArray(argument, depth);
            case 5 -> readMap(argument, depth);
            default -> readTag(argument, depth);
        };
    }

    private long argument(int info) throws CborException {
        if (info < 24) {
            return info;
        }
        if (info > 27) {
            throw fault(info == 31 ? "indefinite length" : "reserved additional information " + info);
        }
        int width = 1 << (info - 24);
        long value = big(width);
        boolean shorter = info == 24 ? value < 24 : Long.compareUnsigned(value >>> (width * 4), 0) == 0;
        if (shorter) {
            throw fault("a length or number is not in its shortest form");
        }
        return value;
    }

    private Cbor readArray(long size, int depth) throws CborException {
        int count = count(size, 1);
        List<Cbor> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(read(depth + 1));
        }
        return new Cbor.Array(items);
    }

    private Cbor readMap(long size, int depth) throws CborException {
        int count = count(size, 2);
        List<Cbor.Entry> entries = new ArrayList<>(count);
        byte[] previous = null;
        for (int i = 0; i < count; i++) {
            int start = at;
            Cbor key = read(depth + 1);
            byte[] encoded = Arrays.copyOfRange(in, start, at);
            int order = previous == null ? -1 : Arrays.compareUnsigned(previous, encoded);
            if (order >= 0) {
                throw fault(order == 0 ? "a map has a key twice: " + key : "map keys are not sorted");
            }
            previous = encoded;
            entries.add(new Cbor.Entry(key, read(depth + 1)));
        }
        return new Cbor.Map(entries);
    }

    private Cbor readTag(long number, int depth) throws CborException {
        if (number < 0) {
            throw fault("tag number beyond 63 bits");
        }
        Cbor item = read(depth + 1);
        if (number != 2 && number != 3) {
            return new Cbor.Tag(number, item);
        }
        if (!(item instanceof Cbor.Bytes(byte[] magnitude))) {
            throw fault("a bignum is not a byte string");
        }
        boolean preferred = magnitude.length > 8 && magnitude.length <= CborLimits.MAX_BIGNUM_BYTES && magnitude[0] != 0;
        if (!preferred) {
            throw fault("a bignum is not in its preferred form, or wider than " + CborLimits.MAX_BIGNUM_BYTES + " bytes");
        }
        BigInteger value = new BigInteger(1, magnitude);
        return new Cbor.Int(number == 2 ? value : value.not());
    }

    private Cbor readSimple(int info) throws CborException {
        return switch (info) {
            case 20 -> new Cbor.Bool(false);
            case 21 -> new Cbor.Bool(true);
            case 22 -> new Cbor.Null();
            case 25 -> shortest(java.lang.Float.float16ToFloat((short) big(2)), 2);
            case 26 -> shortest(java.lang.Float.intBitsToFloat((int) big(4)), 4);
            case 27 -> shortest(Double.longBitsToDouble(big(8)), 8);
            default -> throw fault("simple value or break " + info);
        };
    }

    private Cbor shortest(double value, int width) throws CborException {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw fault("a number that is not finite");
        }
        Cbor.Float item = new Cbor.Float(value);
        if (CborEncoder.encode(item).length != width + 1) {
            throw fault("a floating-point number is not in its shortest form");
        }
        return item;
    }

    /** Checks a count against the bytes left, each item having at least {@code least}, before any memory is set aside for it. */
    private int count(long size, int least) throws CborException {
        if (size < 0 || size > (in.length - at) / least) {
            throw fault("more items announced than bytes are left");
        }
        return (int) size;
    }

    private byte[] take(long length) throws CborException {
        if (length < 0 || length > in.length - at) {
            throw fault("a string is longer than the bytes left");
        }
        int start = at;
        at += (int) length;
        return Arrays.copyOfRange(in, start, at);
    }

    private String text(byte[] utf8) throws CborException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            throw fault("a text string is not UTF-8");
        }
    }

    private long big(int width) throws CborException {
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | next();
        }
        return value;
    }

    private int next() throws CborException {
        if (at >= in.length) {
            throw fault("cut short");
        }
        return in[at++] & 0xff;
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    private CborException fault(String what) {
        return new CborException("not deterministic CBOR: " + what + " at byte " + at);
    }
}
