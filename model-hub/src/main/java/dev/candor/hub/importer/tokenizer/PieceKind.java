package dev.candor.hub.importer.tokenizer;

import dev.candor.hub.importer.source.ImportException;

/** What a piece of a vocabulary is; SentencePiece and GGUF files use the same numbers. */
enum PieceKind {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE;

    /** @throws ImportException if there is no kind {@code number} */
    static PieceKind of(long number) throws ImportException {
        if (number < 1 || number > values().length) {
            throw new ImportException("the tokenizer has a piece of the unknown kind " + number);
        }
        return values()[(int) number - 1];
    }
}
