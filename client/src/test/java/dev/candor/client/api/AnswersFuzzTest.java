package dev.candor.client.api;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.client.error.AnswerFormatException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Whatever a node answers, it is read or refused by the one exception that says so. */
class AnswersFuzzTest {
    private static final List<String> SEEDS = List.of(
            "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"x\",\"tool_calls\":[{\"id\":\"1\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}",
            "{\"choices\":[{\"index\":99999999999,\"delta\":{\"content\":5,\"tool_calls\":[{\"index\":1.5}]},\"finish_reason\":7}]}",
            "{\"data\":[{\"embedding\":[1,null]}],\"results\":[{}],\"usage\":{\"prompt_tokens\":-1e99}}",
            "{\"data\":[{\"id\":\"m\",\"candor\":{\"verification\":[1,{}],\"price\":{\"input\":\"1\",\"output\":\"2\",\"symbol\":\"S\",\"network\":\"n\"}}}]}",
            "{\"id\":\"r\",\"model\":\"m\",\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"content\":[{\"text\":\"x\"}]},{\"type\":\"function_call\"}],\"tokens\":[1,2.5]}",
            "[]", "null", "\"x\"", "");

    private static final List<Consumer<JsonNode>> READERS = List.of(
            json -> ChatAnswer.of(json, Optional.empty()),
            ChatDelta::of,
            json -> CompletionAnswer.of(json, Optional.empty()),
            json -> EmbeddingAnswer.of(json, Optional.empty()),
            json -> RerankAnswer.of(json, Optional.empty()),
            json -> ClassifyAnswer.of(json, Optional.empty()),
            json -> ResponseAnswer.of(json, Optional.empty()),
            TokenList::of,
            ModelInfo::listOf);

    @FuzzTest(maxDuration = "10s")
    void isReadOrRefused(FuzzedDataProvider data) {
        read(data.consumeRemainingAsBytes());
    }

    @Test
    void isReadOrRefusedOfEverySeedAndItsDamagedCopies() {
        for (String seed : SEEDS) {
            byte[] bytes = seed.getBytes(StandardCharsets.UTF_8);
            read(bytes);
            for (int i = 0; i < bytes.length; i++) {
                for (char other : new char[] {'0', '"', '{', ']', '-', ' '}) {
                    byte[] damaged = bytes.clone();
                    damaged[i] = (byte) other;
                    read(damaged);
                }
            }
        }
    }

    private static void read(byte[] bytes) {
        for (Consumer<JsonNode> reader : READERS) {
            try {
                reader.accept(AnswerJson.parse(bytes, "the answer"));
            } catch (AnswerFormatException e) {
                // the refusal that is wanted
            }
        }
    }
}
