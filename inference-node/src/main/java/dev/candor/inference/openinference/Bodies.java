package dev.candor.inference.openinference;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** How bodies are read: strictly, and within bounds that no honest one comes near. */
final class Bodies {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NAME = 4096;

    private Bodies() {}

    static JsonMapper mapper() {
        return new JsonMapper(JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).maxNameLength(MAX_NAME).build())
                .build());
    }
}
