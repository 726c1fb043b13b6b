package dev.candor.hub.importer.gguf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the key-value section of a GGUF header. */
final class MetadataReader {
    private static final int MAX_KEY = 65_535;
    private static final long MAX_ELEMENTS = 4_000_000;
    private static final int SMALLEST_PAIR = 8 + 4 + 1;

    private final GgufInput in;
    private long elementsLeft = MAX_ELEMENTS;

    MetadataReader(GgufInput in) {
        this.in = in;
    }

    GgufMetadata read(long pairs) throws GgufException {
        if (pairs * SMALLEST_PAIR > in.remaining()) {
            throw new GgufException(pairs + " metadata pairs do not fit into the file");
        }
        Map<String, GgufValue> values = new LinkedHashMap<>();
        for (long i = 0; i < pairs; i++) {
            String key = in.text("a metadata key", MAX_KEY);
            if (values.put(key, value(key, in.int32())) != null) {
                throw new GgufException("metadata " + key + " comes twice");
            }
        }
        return new GgufMetadata(values);
    }

    private GgufValue value(String key, int type) throws GgufException {
        return switch (type) {
            case 6, 12 -> new GgufValue.Real(real(type));
            case 7 -> new GgufValue.Flag(flag(key));
            case 8 -> new GgufValue.Text(in.text("metadata " + key, GgufInput.MAX_STRING));
            case 9 -> array(key);
            default -> new GgufValue.Whole(whole(key, type));
        };
    }

    private GgufValue array(String key) throws GgufException {
        int type = in.int32();
        int length = (int) in.count("elements of metadata " + key, elementsLeft, width(key, type));
        elementsLeft -= length;
        switch (type) {
            case 6, 12 -> {
                double[] reals = new double[length];
                for (int i = 0; i < length; i++) {
                    reals[i] = real(type);
                }
                return new GgufValue.Reals(reals);
            }
            case 8 -> {
                List<String> texts = new ArrayList<>(length);
                for (int i = 0; i < length; i++) {
                    texts.add(in.text("metadata " + key, GgufInput.MAX_STRING));
                }
                return new GgufValue.Texts(texts);
            }
            default -> {
                long[] wholes = new long[length];
                for (int i = 0; i < length; i++) {
                    wholes[i] = type == 7 ? (flag(key) ? 1 : 0) : whole(key, type);
                }
                return new GgufValue.Wholes(wholes);
            }
        }
    }

    private static int width(String key, int type) throws GgufException {
        return switch (type) {
            case 0, 1, 7 -> 1;
            case 2, 3 -> 2;
            case 4, 5, 6 -> 4;
            case 8, 10, 11, 12 -> 8;
            case 9 -> throw new GgufException("metadata " + key + " is an array of arrays, which is not read");
            default -> throw unknown(key, type);
        };
    }

    private double real(int type) throws GgufException {
        return type == 6 ? Float.intBitsToFloat(in.int32()) : Double.longBitsToDouble(in.int64());
    }

    private boolean flag(String key) throws GgufException {
        int value = in.int8();
        if (value != 0 && value != 1) {
            throw new GgufException("metadata " + key + " has the boolean " + value + ", it must be 0 or 1");
        }
        return value == 1;
    }

    private long whole(String key, int type) throws GgufException {
        return switch (type) {
            case 0 -> in.int8() & 0xff;
            case 1 -> in.int8();
            case 2 -> in.int16() & 0xffff;
            case 3 -> in.int16();
            case 4 -> in.int32() & 0xffff_ffffL;
            case 5 -> in.int32();
            case 10 -> {
                long value = in.int64();
                if (value < 0) {
                    throw new GgufException("metadata " + key + " is " + Long.toUnsignedString(value) + ", which is too large");
                }
                yield value;
            }
            case 11 -> in.int64();
            default -> throw unknown(key, type);
        };
    }

    private static GgufException unknown(String key, int type) {
        return new GgufException("metadata " + key + " has the unknown type " + type);
    }
}
