package dev.candor.attestation.tlog;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Up to 256 entries in a row, each after its length as a big-endian uint16, C2SP tlog-tiles. */
public final class EntryBundle {
    /** What a uint16 can state. */
    public static final int MAX_ENTRY_BYTES = 0xffff;

    private EntryBundle() {}

    /**
     * Reads a bundle.
     *
     * @param width how many entries it must have
     * @throws LogFormatException if it has more or fewer, or ends within one
     */
    public static List<byte[]> decode(byte[] bundle, int width) throws LogFormatException {
        List<byte[]> entries = new ArrayList<>(width);
        int at = 0;
        while (at < bundle.length) {
            if (entries.size() == width) {
                throw new LogFormatException("entry bundle: has " + (bundle.length - at) + " bytes after its " + width + " entries");
            }
            if (bundle.length - at < Short.BYTES) {
                throw new LogFormatException("entry bundle: ends within the length of entry " + entries.size());
            }
            int length = (bundle[at] & 0xff) << 8 | bundle[at + 1] & 0xff;
            at += Short.BYTES;
            if (length > bundle.length - at) {
                throw new LogFormatException("entry bundle: entry " + entries.size() + " states " + length + " bytes, but "
                        + (bundle.length - at) + " are left");
            }
            entries.add(Arrays.copyOfRange(bundle, at, at + length));
            at += length;
        }
        if (entries.size() != width) {
            throw new LogFormatException("entry bundle: has " + entries.size() + " entries, not " + width);
        }
        return entries;
    }

    /** @throws IllegalArgumentException if an entry is longer than {@value #MAX_ENTRY_BYTES} bytes */
    static byte[] encode(List<byte[]> entries) {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            requireLength(entry);
            bundle.write(entry.length >>> 8);
            bundle.write(entry.length);
            bundle.writeBytes(entry);
        }
        return bundle.toByteArray();
    }

    static void requireLength(byte[] entry) {
        if (entry.length > MAX_ENTRY_BYTES) {
            throw new IllegalArgumentException("a log entry has at most " + MAX_ENTRY_BYTES + " bytes, got " + entry.length);
        }
    }
}
