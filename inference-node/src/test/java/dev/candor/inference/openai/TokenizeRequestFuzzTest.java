package dev.candor.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bodies of {@code /tokenize} and {@code /detokenize} are read or refused by an error of the table. */
class TokenizeRequestFuzzTest {
    private static final List<String> GOOD = List.of(
            "{\"model\":\"m\",\"prompt\":\"a\",\"add_special_tokens\":true,\"return_token_strs\":null}",
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"add_generation_prompt\":false,\"tools\":[],\"chat_template_kwargs\":{}}",
            "{\"model\":\"m\",\"tokens\":[0,1,2147483647]}");
    private static final List<String> TOKENS = List.of(
            "{", "}", "[", "]", ",", ":", "\"", "null", "-1", "1e99", "4294967295", "\"prompt\"", "\"messages\"", "[[[[[[[[", "\\ud800", "%%", " ");

    private final Json json = new Json();

    @FuzzTest(maxDuration = "2m")
    void readsOrRefuses(byte[] body) {
        try {
            assertThat(TokenizeRequest.parse(new Fields(json.object(body), "")).source()).isNotNull();
        } catch (ApiException refusal) {
            assertThat(refusal.error().status()).isEqualTo(400);
        }
        try {
            assertThat(IntStream.of(DetokenizeRequest.parse(new Fields(json.object(body), "")).tokens())).allMatch(token -> token >= 0);
        } catch (ApiException refusal) {
            assertThat(refusal.error().status()).isEqualTo(400);
        }
    }

    @Test
    void survivesMutatedRequests() {
        Random random = new Random(20261121);
        for (int i = 0; i < 900; i++) {
            StringBuilder body = new StringBuilder(GOOD.get(i % GOOD.size()));
            for (int change = 0; change <= random.nextInt(3); change++) {
                int at = random.nextInt(body.length());
                body.replace(at, Math.min(body.length(), at + random.nextInt(8)), TOKENS.get(random.nextInt(TOKENS.size())));
            }
            readsOrRefuses(body.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
