package dev.candor.inference.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.engine.testing.Models;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Special tokens that tell an answer's parts apart are text to whoever reads it; the others are not. */
class FormatMarkersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void decodersShowMarkersAndHideOtherSpecialTokens() throws IOException {
        try (HfTokenizer tokenizer = HfTokenizer.open(withMarkers(), Models.natives())) {
            int[] tokens = tokenizer.encode("a<|im_end|>[TOOL_CALLS]f[ARGS]{}<tool_call>é");

            assertThat(text(tokenizer.newDecoder(), tokens)).isEqualTo("a[TOOL_CALLS]f[ARGS]{}<tool_call>é");
            assertThat(tokenizer.decode(tokens)).isEqualTo("af{}<tool_call>é");
        }
    }

    @Test
    void anUnfinishedCharacterBeforeAMarkerIsNotLost() throws IOException {
        try (HfTokenizer tokenizer = HfTokenizer.open(withMarkers(), Models.natives())) {
            int[] emoji = tokenizer.encode("😀");
            int marker = tokenizer.encode("[ARGS]")[0];
            IncrementalDecoder decoder = tokenizer.newDecoder();

            assertThat(decoder.append(emoji[0])).isEmpty();
            assertThat(decoder.append(marker)).isEqualTo("\uFFFD[ARGS]");
            assertThat(decoder.append(tokenizer.encode("x")[0])).isEqualTo("x");
        }
    }

    @Test
    void tokenizersOfOtherKindsShowThemToo() throws IOException {
        try (HfTokenizer tokenizer = HfTokenizer.open(withMarkers(), Models.natives())) {
            int[] tokens = tokenizer.encode("over[TOOL_CALLS] there[ARGS]");
            Map<Integer, String> markers = FormatMarkers.in(Files.readAllBytes(folder.resolve("tokenizer.json")));

            assertThat(text(new MarkedDecoder(markers, () -> new WindowDecoder(tokenizer::decode)), tokens)).isEqualTo("over[TOOL_CALLS] there[ARGS]");
        }
    }

    @Test
    void aFileWithoutMarkersHasNone() throws IOException {
        for (String json : new String[] {"{}", "[]", "{\"added_tokens\":null}", "{\"added_tokens\":[1,{\"special\":true}]}",
                "{\"model\":{\"added_tokens\":[{\"id\":1,\"content\":\"[ARGS]\",\"special\":true}]}}", "{\"added_tokens\":[{\"id\":1,\"content\":\"<think>\"}]}"}) {
            assertThat(FormatMarkers.in(json.getBytes(StandardCharsets.UTF_8))).as(json).isEmpty();
        }
    }

    private static String text(IncrementalDecoder decoder, int[] tokens) {
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            text.append(decoder.append(token));
        }
        return text.append(decoder.flush()).toString();
    }

    /** The toy's tokenizer with two markers that are special, as Mistral has them, and one that is not, as Qwen has it. */
    private Path withMarkers() throws IOException {
        ObjectNode tokenizer = (ObjectNode) JSON.readTree(Files.readAllBytes(ToyModels.write(folder.resolve("toy")).tokenizer()));
        ArrayNode added = tokenizer.withArray("added_tokens");
        int id = tokenizer.at("/model/vocab").size();
        for (String marker : new String[] {"[TOOL_CALLS]", "[ARGS]", "<tool_call>"}) {
            added.addObject().put("id", id++).put("content", marker).put("single_word", false).put("lstrip", false).put("rstrip", false)
                    .put("normalized", false).put("special", marker.startsWith("["));
        }
        return Files.write(folder.resolve("tokenizer.json"), JSON.writeValueAsBytes(tokenizer));
    }
}
