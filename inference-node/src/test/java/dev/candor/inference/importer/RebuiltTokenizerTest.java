package dev.candor.inference.importer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.text.HfTokenizer;
import dev.candor.inference.text.Tokenizer;
import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class RebuiltTokenizerTest {
    @Test
    void givesTheTokenIdsOfLlamaCpp() throws IOException {
        DemoModel demo = new DemoModel();
        List<JsonNode> cases = Models.references("tokens.json");

        assertThat(cases).hasSizeGreaterThan(30);
        try (Tokenizer tokenizer = HfTokenizer.open(demo.served().tokenizer(), demo.natives())) {
            for (JsonNode one : cases) {
                int[] expected = StreamSupport.stream(one.get("ids").spliterator(), false).mapToInt(JsonNode::intValue).toArray();
                assertThat(tokenizer.encode(one.get("text").textValue())).as(one.get("text").toString()).isEqualTo(expected);
            }
        }
    }
}
