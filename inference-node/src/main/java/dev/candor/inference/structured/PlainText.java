package dev.candor.inference.structured;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text that a JSON string holds as it is. */
final class PlainText {
    private PlainText() {}

    /** How many characters the bytes are; 0 if they are not whole characters, or one of them must be escaped. */
    static int characters(byte[] bytes) {
        for (byte b : bytes) {
            if (b >= 0 && b < ' ' || b == '"' || b == '\\') {
                return 0;
            }
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.codePointCount(0, text.length());
        } catch (CharacterCodingException e) {
            return 0;
        }
    }
}
