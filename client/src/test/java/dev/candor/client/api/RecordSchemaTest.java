package dev.candor.client.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.client.error.AnswerFormatException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    enum Size {
        SMALL,
        LARGE
    }

    record Part(@JsonPropertyDescription("how many") int count, boolean spare) {}

    record Order(String name, @JsonProperty("unit_price") BigDecimal price, Size size, List<Part> parts, Set<String> tags) {}

    record Endless(String name, Endless next) {}

    record Open(Map<String, String> any) {}

    record Perhaps(Optional<String> text) {}

    @Test
    void describesEveryComponentAndNothingElse() throws Exception {
        assertThat(RecordSchema.of(Order.class)).isEqualTo(JSON.readTree("""
                {"type":"object","properties":{
                  "name":{"type":"string"},
                  "unit_price":{"type":"number"},
                  "size":{"type":"string","enum":["SMALL","LARGE"]},
                  "parts":{"type":"array","items":{"type":"object","properties":{
                    "count":{"type":"integer","description":"how many"},"spare":{"type":"boolean"}},
                    "required":["count","spare"],"additionalProperties":false}},
                  "tags":{"type":"array","items":{"type":"string"}}},
                 "required":["name","unit_price","size","parts","tags"],"additionalProperties":false}"""));
    }

    @Test
    void readsARecordFromWhatTheSchemaDescribes() {
        Order order = RecordSchema.read(
                "{\"name\":\"bolt\",\"unit_price\":0.5,\"size\":\"LARGE\",\"parts\":[{\"count\":3,\"spare\":false}],\"tags\":[\"a\"]}", Order.class, "the answer");
        assertThat(order).isEqualTo(new Order("bolt", new BigDecimal("0.5"), Size.LARGE, List.of(new Part(3, false)), Set.of("a")));
    }

    @Test
    void saysWhatDoesNotFit() {
        for (String bad : List.of("", "{", "[]", "{\"count\":3}", "{\"count\":\"many\",\"spare\":true}", "{\"count\":3,\"spare\":null}",
                "{\"count\":3,\"spare\":true,\"more\":1}", "{\"count\":3,\"spare\":true} {}")) {
            assertThatThrownBy(() -> RecordSchema.read(bad, Part.class, "the answer"))
                    .as(bad)
                    .isInstanceOf(AnswerFormatException.class)
                    .hasMessageStartingWith("the answer does not fit the record Part");
        }
    }

    @Test
    void namesTheComponentOfWhichNoSchemaCanBeMade() {
        assertThatThrownBy(() -> RecordSchema.of(Open.class)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("Open.any");
        assertThatThrownBy(() -> RecordSchema.of(Perhaps.class)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("Perhaps.text");
        assertThatThrownBy(() -> RecordSchema.of(Endless.class)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("holds itself");
    }
}
