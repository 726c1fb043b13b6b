package dev.candor.inference.openai.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** JSON as models have seen it in training: on one line, a blank after each comma and colon, as Python writes it. */
final class PromptJson {
    private static final ObjectMapper MAPPER = new JsonMapper();
    private static final ObjectWriter WRITER = MAPPER.writer(printer());

    private PromptJson() {}

    private static DefaultPrettyPrinter printer() {
        Separators separators = new Separators("", ':', Separators.Spacing.AFTER, ',', Separators.Spacing.AFTER, "", ',', Separators.Spacing.AFTER, "");
        return new DefaultPrettyPrinter(separators)
                .withObjectIndenter(new DefaultPrettyPrinter.NopIndenter())
                .withArrayIndenter(new DefaultPrettyPrinter.NopIndenter());
    }

    static String write(JsonNode node) {
        try {
            return WRITER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    /** The object that {@code text} is; no text at all is one without members. */
    static Optional<ObjectNode> object(String text) {
        if (text.isBlank()) {
            return Optional.of(MAPPER.createObjectNode());
        }
        try {
            return MAPPER.readTree(text) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
