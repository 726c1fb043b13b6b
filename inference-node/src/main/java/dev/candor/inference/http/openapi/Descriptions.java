package dev.candor.inference.http.openapi;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;

/** The parts of the document that people write, one JSON file each, beside this class. */
final class Descriptions {
    private static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY).build();

    private Descriptions() {}

    static ObjectNode frame() {
        return read("document");
    }

    static ObjectNode operation(String name) {
        return read("operations/" + name);
    }

    static ObjectNode schema(String name) {
        return read("schemas/" + name);
    }

    private static ObjectNode read(String name) {
        String file = name + ".json";
        try (InputStream in = Descriptions.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the HTTP surface lacks its description " + file);
            }
            return (ObjectNode) JSON.readTree(in);
        } catch (IOException | ClassCastException e) {
            throw new IllegalStateException("the description " + file + " cannot be read", e);
        }
    }
}
