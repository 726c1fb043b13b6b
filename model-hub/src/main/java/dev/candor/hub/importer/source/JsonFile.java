package dev.candor.hub.importer.source;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the JSON objects of a model's folder, each up to a length that is stated. */
public final class JsonFile {
    private static final ObjectMapper MAPPER = new ObjectMapper(new JsonFactoryBuilder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final int maxBytes;

    /** @param maxBytes longest file that is read */
    public JsonFile(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** @throws ImportException naming the file, if it is too long or no JSON object */
    public JsonNode read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new ImportException(file.getFileName() + " is longer than " + maxBytes + " bytes");
            }
            return parse(file.getFileName().toString(), bytes);
        }
    }

    /** @param name of the file, for messages */
    public JsonNode parse(String name, byte[] bytes) throws IOException {
        try {
            JsonNode node = MAPPER.readTree(bytes);
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new ImportException(name + " is no JSON that can be read: " + e.getOriginalMessage());
        }
        throw new ImportException(name + " is no JSON object");
    }
}
