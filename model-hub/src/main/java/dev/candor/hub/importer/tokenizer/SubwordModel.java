package dev.candor.hub.importer.tokenizer;

import java.util.List;

/** What cuts a text's pieces into tokens. */
sealed interface SubwordModel {
    Vocabulary vocabulary();

    /** Two tokens that are joined. */
    record Merge(String left, String right) {}

    /**
     * Byte-pair encoding.
     *
     * @param merges       the earlier the stronger
     * @param unknown      token for what is not in the vocabulary, or null
     * @param byteFallback whether that is spelt in byte tokens first
     * @param wholeFirst   whether a piece that is a token needs no merges
     */
    record Bpe(Vocabulary vocabulary, List<Merge> merges, String unknown, boolean byteFallback, boolean wholeFirst) implements SubwordModel {
        public Bpe {
            merges = List.copyOf(merges);
        }
    }

    /**
     * Unigram language model.
     *
     * @param scores  logarithms of probabilities, one for each token
     * @param unknown id
     */
    record Unigram(Vocabulary vocabulary, float[] scores, int unknown, boolean byteFallback) implements SubwordModel {}
}
