package dev.candor.hub.importer.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.candor.hub.importer.source.ImportException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The ids of a {@code tokenizer.json}, read as a stream, since the file of a large vocabulary has tens of megabytes: the largest id, and those of the
 * texts that are asked for.
 */
final class TokenizerIndex {
    private static final int MAX_TOKEN = 1 << 20;
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).maxNameLength(MAX_TOKEN).build())
            .build();

    private final Map<String, Integer> ids = new HashMap<>();
    private int largest = -1;

    private TokenizerIndex() {}

    /** @throws ImportException if {@code bytes} are no tokenizer.json with a vocabulary */
    static TokenizerIndex read(byte[] bytes) throws IOException {
        TokenizerIndex index = new TokenizerIndex();
        try (JsonParser json = JSON.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new ImportException("tokenizer.json is no JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String member = json.currentName();
                JsonToken value = json.nextToken();
                switch (member) {
                    case "added_tokens" -> index.addedTokens(json);
                    case "model" -> index.model(json, value);
                    default -> json.skipChildren();
                }
            }
        } catch (JsonProcessingException e) {
            throw new ImportException("tokenizer.json is no JSON that can be read: " + e.getOriginalMessage());
        }
        if (index.largest < 0) {
            throw new ImportException("tokenizer.json has no vocabulary");
        }
        return index;
    }

    /** The largest id. */
    int largest() {
        return largest;
    }

    /** The id of the token {@code text}. */
    OptionalInt id(String text) {
        Integer id = ids.get(text);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    private void addedTokens(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.START_OBJECT) {
            int id = -1;
            String content = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String member = json.currentName();
                json.nextToken();
                switch (member) {
                    case "id" -> id = json.getIntValue();
                    case "content" -> content = json.getText();
                    default -> json.skipChildren();
                }
            }
            note(content, id);
        }
    }

    private void model(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String member = json.currentName();
            JsonToken kind = json.nextToken();
            if (member.equals("vocab") && kind == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String token = json.currentName();
                    json.nextToken();
                    note(token, json.getIntValue());
                }
            } else if (member.equals("vocab") && kind == JsonToken.START_ARRAY) {
                for (int id = 0; json.nextToken() == JsonToken.START_ARRAY; id++) {
                    json.nextToken();
                    note(json.getText(), id);
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        json.skipChildren();
                    }
                }
            } else {
                json.skipChildren();
            }
        }
    }

    private void note(String token, int id) throws ImportException {
        if (token == null || id < 0) {
            throw new ImportException("tokenizer.json has a token without a text or with the id " + id);
        }
        ids.put(token, id);
        largest = Math.max(largest, id);
    }
}
