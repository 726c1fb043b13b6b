package dev.candor.inference.text;

/** Decodes byte-level tokens exactly: an unfinished character waits for the next token. */
final class ByteLevelDecoder implements IncrementalDecoder {
    private final ByteLevelVocabulary vocabulary;
    private final Utf8Stream utf8 = new Utf8Stream();

    ByteLevelDecoder(ByteLevelVocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    @Override
    public String append(int token) {
        StringBuilder text = new StringBuilder();
        for (byte b : vocabulary.bytes(token)) {
            utf8.accept(b & 0xFF, text);
        }
        return text.toString();
    }

    @Override
    public String flush() {
        StringBuilder text = new StringBuilder();
        utf8.end(text);
        return text.toString();
    }
}
