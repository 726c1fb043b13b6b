package dev.candor.inference.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** GPT-2's alphabet: printable Latin-1 stands for itself, the other bytes for U+0100 and on in their order. */
final class ByteAlphabet {
    private static final int BYTES = 256;
    private static final int LAST = 2 * BYTES;
    private final short[] byteOf = new short[LAST];

    ByteAlphabet() {
        Arrays.fill(byteOf, (short) -1);
        int next = BYTES;
        for (int b = 0; b < BYTES; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            byteOf[printable ? b : next++] = (short) b;
        }
    }

    byte[] bytes(String token) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(token.length());
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c >= LAST || byteOf[c] < 0) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            bytes.write(byteOf[c]);
        }
        return bytes.toByteArray();
    }
}
