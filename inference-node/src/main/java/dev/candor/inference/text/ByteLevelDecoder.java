package dev.candor.inference.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Decodes byte-level tokens exactly: the bytes of an unfinished character, at most three, wait for the next token. */
final class ByteLevelDecoder implements IncrementalDecoder {
    private final ByteLevelVocabulary vocabulary;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private ByteBuffer open = ByteBuffer.allocate(0);

    ByteLevelDecoder(ByteLevelVocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    @Override
    public String append(int token) {
        byte[] bytes = vocabulary.bytes(token);
        if (bytes.length == 0) {
            return "";
        }
        ByteBuffer in = ByteBuffer.allocate(open.remaining() + bytes.length).put(open).put(bytes).flip();
        CharBuffer out = CharBuffer.allocate(in.remaining());
        utf8.decode(in, out, false);
        open = in;
        return out.flip().toString();
    }

    @Override
    public String flush() {
        CharBuffer out = CharBuffer.allocate(open.remaining());
        utf8.decode(open, out, true);
        utf8.flush(out);
        utf8.reset();
        return out.flip().toString();
    }
}
