package dev.candor.hub.importer.tokenizer;

import java.util.Base64;
import java.util.List;

/**
 * A SentencePiece vocabulary and its rules, out of a {@code tokenizer.model} or a GGUF file.
 *
 * @param pieces   by id
 * @param unigram  whether texts are cut by the most probable sequence of pieces, else by merges in the order of their scores
 */
record Pieces(List<Piece> pieces, boolean unigram, boolean byteFallback, Normalization normalization) {
    /** @param score of unigram models the logarithm of a probability; of merges, the higher the stronger */
    record Piece(String text, float score, PieceKind kind) {}

    /**
     * What is done to a text first.
     *
     * @param characterMap SentencePiece's compiled map of characters, empty for none
     * @param prefix       whether a text gets a space in front
     * @param trimSpaces   whether spaces at the ends go, and several in a row become one
     */
    record Normalization(byte[] characterMap, boolean prefix, boolean trimSpaces) {
        /** As tokenizer.json holds the map. */
        String characterMapText() {
            return Base64.getEncoder().encodeToString(characterMap);
        }
    }

    Pieces {
        pieces = List.copyOf(pieces);
    }
}
