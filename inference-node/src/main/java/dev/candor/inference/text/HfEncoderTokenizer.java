package dev.candor.inference.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.IOException;
import java.nio.file.Path;

/** An encoder's {@code tokenizer.json}, run by Hugging Face's own library; its own rules for truncation and padding are switched off. */
public final class HfEncoderTokenizer implements EncoderTokenizer {
    private final NativeTokenizer tokenizer;

    private HfEncoderTokenizer(NativeTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Loads a tokenizer without touching the network.
     *
     * @param file         a {@code tokenizer.json}
     * @param nativeFolder where the library's native part is kept unpacked
     * @throws IOException if the file cannot be read, or is no tokenizer
     */
    public static HfEncoderTokenizer open(Path file, Path nativeFolder) throws IOException {
        return new HfEncoderTokenizer(HfTokenizer.load(file, nativeFolder, true));
    }

    @Override
    public TokenizedText encode(String text) {
        return read(tokenizer.use(library -> library.encode(HfTokenizer.wellFormed(text), true, false)));
    }

    @Override
    public TokenizedText encode(String first, String second) {
        return read(tokenizer.use(library -> library.encode(HfTokenizer.wellFormed(first), HfTokenizer.wellFormed(second), true, false)));
    }

    private static TokenizedText read(Encoding encoding) {
        long[] ids = encoding.getIds();
        long[] types = encoding.getTypeIds();
        long[] special = encoding.getSpecialTokenMask();
        CharSpan[] spans = encoding.getCharTokenSpans();
        TokenizedText out = new TokenizedText(
                new int[ids.length], new byte[ids.length], new boolean[ids.length], new int[ids.length], new int[ids.length]);
        for (int i = 0; i < ids.length; i++) {
            out.tokens()[i] = Math.toIntExact(ids[i]);
            out.types()[i] = (byte) types[i];
            out.special()[i] = special[i] != 0;
            out.starts()[i] = spans[i] == null || special[i] != 0 ? -1 : spans[i].getStart();
            out.ends()[i] = spans[i] == null || special[i] != 0 ? -1 : spans[i].getEnd();
        }
        return out;
    }

    @Override
    public String token(int id) {
        return tokenizer.use(library -> library.decode(new long[] {id}, false));
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
