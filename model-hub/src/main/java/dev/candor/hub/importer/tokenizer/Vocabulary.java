package dev.candor.hub.importer.tokenizer;

import dev.candor.hub.importer.source.ImportException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tokens by id, each text once. */
final class Vocabulary {
    private final List<String> tokens;
    private final Map<String, Integer> ids;

    /** @throws ImportException if a text comes twice */
    Vocabulary(List<String> tokens) throws ImportException {
        this.tokens = List.copyOf(tokens);
        this.ids = HashMap.newHashMap(tokens.size());
        for (int id = 0; id < tokens.size(); id++) {
            Integer earlier = ids.put(tokens.get(id), id);
            if (earlier != null) {
                throw new ImportException("the vocabulary has token " + id + " twice, first as " + earlier);
            }
        }
    }

    List<String> tokens() {
        return tokens;
    }

    int size() {
        return tokens.size();
    }

    String token(int id) {
        return tokens.get(id);
    }

    boolean has(String token) {
        return ids.containsKey(token);
    }

    /** The id, or -1. */
    int id(String token) {
        return ids.getOrDefault(token, -1);
    }
}
