package dev.candor.inference.importer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.inference.text.HfTokenizer;
import dev.candor.inference.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class RebuiltTokenizerTest {
    @Test
    void givesTheTokenIdsOfLlamaCpp() throws IOException {
        Path vectors = DemoModel.vector("tokenizer.json");
        DemoModel demo = new DemoModel();
        JsonNode cases = new ObjectMapper().readTree(vectors.toFile()).get("cases");

        assertThat(cases).hasSizeGreaterThan(30);
        try (Tokenizer tokenizer = HfTokenizer.open(demo.served().tokenizer(), demo.natives())) {
            for (JsonNode one : cases) {
                int[] expected = StreamSupport.stream(one.get("ids").spliterator(), false).mapToInt(JsonNode::intValue).toArray();
                assertThat(tokenizer.encode(one.get("text").textValue())).as(one.get("text").toString()).isEqualTo(expected);
            }
        }
    }
}
