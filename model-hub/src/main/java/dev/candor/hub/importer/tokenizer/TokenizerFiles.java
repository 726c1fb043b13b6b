package dev.candor.hub.importer.tokenizer;

import java.util.List;
import java.util.Optional;

/**
 * What a model's folder needs beside its graph.
 *
 * @param tokenizer    bytes of a Hugging Face {@code tokenizer.json}
 * @param chatTemplate Jinja source, if the model brings one
 * @param bosToken     id, or -1 where there is none
 * @param eosTokens    ids that end an answer
 */
public record TokenizerFiles(byte[] tokenizer, Optional<String> chatTemplate, int bosToken, List<Integer> eosTokens) {
    public TokenizerFiles {
        eosTokens = List.copyOf(eosTokens);
    }
}
