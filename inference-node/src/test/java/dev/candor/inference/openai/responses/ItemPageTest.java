package dev.candor.inference.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.ApiException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ItemPageTest {
    private static final List<ObjectNode> ITEMS = IntStream.range(0, 25)
            .mapToObj(i -> new JsonMapper().createObjectNode().put("id", "i" + i)).toList();

    private static ObjectNode page(String limit, String order, String after, String before) throws ApiException {
        return ItemPage.of(Optional.ofNullable(limit), Optional.ofNullable(order), Optional.ofNullable(after), Optional.ofNullable(before)).of(ITEMS);
    }

    private static List<String> ids(JsonNode page) {
        return StreamSupport.stream(page.path("data").spliterator(), false).map(item -> item.path("id").textValue()).toList();
    }

    @Test
    void givesTheNewestTwentyUnlessAskedOtherwise() throws Exception {
        ObjectNode page = page(null, null, null, null);

        assertThat(ids(page)).hasSize(20).startsWith("i24").endsWith("i5");
        assertThat(page.path("object").textValue()).isEqualTo("list");
        assertThat(page.path("first_id").textValue()).isEqualTo("i24");
        assertThat(page.path("last_id").textValue()).isEqualTo("i5");
        assertThat(page.path("has_more").booleanValue()).isTrue();
    }

    @Test
    void walksThroughAllItems() throws Exception {
        ObjectNode first = page("20", "asc", null, null);
        ObjectNode second = page("20", "asc", first.path("last_id").textValue(), null);

        assertThat(ids(first)).startsWith("i0").endsWith("i19");
        assertThat(ids(second)).containsExactly("i20", "i21", "i22", "i23", "i24");
        assertThat(second.path("has_more").booleanValue()).isFalse();
        assertThat(ids(page("2", "asc", null, "i1"))).containsExactly("i0");
        ObjectNode none = page(null, "asc", "i24", null);
        assertThat(ids(none)).isEmpty();
        assertThat(none.get("first_id").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"0,-,-,-,limit", "101,-,-,-,limit", "x,-,-,-,limit", "-,up,-,-,order", "-,-,nope,-,after", "-,-,-,nope,before"})
    void namesTheParameterAtFault(String limit, String order, String after, String before, String param) {
        ApiException refusal = catchThrowableOfType(ApiException.class, () -> page(limit, order, after, before));

        assertThat(refusal.param()).contains(param);
    }
}
