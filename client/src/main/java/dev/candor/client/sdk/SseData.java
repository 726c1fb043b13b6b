package dev.candor.client.sdk;

import java.nio.charset.StandardCharsets;

/** Reads the {@code data} field of a Server-Sent Events block (WHATWG HTML, section 9.2.6). */
public final class SseData {
    private SseData() {}

    /** The text of a block's {@code data:} lines, joined by newlines; empty for a comment. */
    public static String of(byte[] block) {
        StringBuilder data = new StringBuilder();
        for (String line : new String(block, StandardCharsets.UTF_8).split("\r?\n")) {
            if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(line.substring(line.startsWith("data: ") ? 6 : 5));
            }
        }
        return data.toString();
    }
}
