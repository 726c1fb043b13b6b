package dev.candor.attestation.tlog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Keys and entries for tests; the same index always gives the same entry. */
final class LogSamples {
    private LogSamples() {}

    static LogKey key(int seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) seed);
        return LogKey.of(bytes);
    }

    static byte[] entry(long index) {
        return ("entry " + index + " " + "x".repeat((int) (index % 5))).getBytes(StandardCharsets.UTF_8);
    }

    static List<byte[]> entries(long from, long to) {
        List<byte[]> entries = new ArrayList<>();
        for (long i = from; i < to; i++) {
            entries.add(entry(i));
        }
        return entries;
    }
}
