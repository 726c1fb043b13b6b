package dev.candor.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.candor.inference.testing.CharTokenizer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever bytes a request for completions has, it is read, or refused with an error of the table. */
class CompletionRequestFuzzTest {
    private static final String FULL = """
            {"model":"m@1","prompt":["a","\\u00e9"],"suffix":"z","max_tokens":16,"temperature":0.5,"top_p":0.9,"top_k":40,"min_p":0.1,
            "frequency_penalty":-1,"presence_penalty":1,"repetition_penalty":1.1,"seed":-9223372036854775808,"stop":["a","b"],"stream":false,
            "verification":"tee","min_tokens":0,"ignore_eos":false,"n":2,"best_of":3,"echo":true,"logprobs":null,"user":"u",
            "logit_bias":{"5":-100,"6":1.5},"guided_choice":["x"],"cache_salt":"s","service_tier":"flex"}""";
    private static final String TOKENS_PROMPT = "{\"model\":\"m\",\"prompt\":[[1,2],[3]],\"echo\":true,\"max_tokens\":0,\"logprobs\":20}";
    private static final List<String> PIECES = List.of("{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "1e999", "0.1", "9".repeat(400), "128",
            "\"prompt\"", "\"n\"", "\"best_of\"", "[[1],[2]]", "[1,2]", "\\ud800", "\u0000", "[[[[[[[[[[", "{\"a\":", " ");

    private final CompletionRequestParser parser = new CompletionRequestParser(new Json());

    @FuzzTest(maxDuration = "2m")
    void readsOrRefuses(byte[] body) {
        check(body);
    }

    private void check(byte[] body) {
        try {
            CompletionRequest request = parser.parse(body);
            assertThat(request.prompts()).isNotEmpty();
            assertThat(request.bestOf()).isGreaterThanOrEqualTo(request.choices());
            assertThat(request.prompts().size() * request.bestOf()).isLessThanOrEqualTo(GenerationFields.MAX_CHOICES);
            assertThat(request.maxTokens()).isGreaterThanOrEqualTo(request.echo() ? 0 : 1);
            assertThat(CompletionPrompt.of(request, new CharTokenizer())).allMatch(prompt -> prompt.tokens().length > 0);
        } catch (ApiException refusal) {
            assertThat(refusal.error().status()).isBetween(400, 499);
            assertThat(refusal.getMessage()).isNotBlank();
            assertThat(refusal.body().path("error").size()).isGreaterThanOrEqualTo(4);
        }
    }

    @Test
    void survivesMutatedRequests() {
        Random random = new Random(20261121);
        for (String whole : List.of(FULL, TOKENS_PROMPT)) {
            assertThatCode(() -> parser.parse(whole.getBytes(StandardCharsets.UTF_8))).doesNotThrowAnyException();
            for (int i = 0; i < 3_000; i++) {
                check(mutated(whole, random));
            }
        }
    }

    private static byte[] mutated(String whole, Random random) {
        StringBuilder body = new StringBuilder(whole);
        for (int i = 0; i <= random.nextInt(3); i++) {
            int at = random.nextInt(body.length() + 1);
            String piece = PIECES.get(random.nextInt(PIECES.size()));
            switch (random.nextInt(4)) {
                case 0 -> body.insert(at, piece);
                case 1 -> body.delete(at, Math.min(body.length(), at + 1 + random.nextInt(12)));
                case 2 -> body.replace(at, Math.min(body.length(), at + 1 + random.nextInt(8)), piece);
                default -> body.setLength(Math.max(1, at));
            }
        }
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(5) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    @Test
    void survivesEveryMemberHoldingEveryKindOfValue() {
        List<String> values = List.of("null", "true", "0", "-1", "1", "1.5", "1e308", "99999999999999999999", "\"\"", "\"x\"", "[]", "[null]", "[1]",
                "[\"x\"]", "[\"x\",1]", "[[]]", "[[1],\"x\"]", "[{}]", "{}", "{\"1\":1}", "{\"x\":[]}");
        for (String name : List.of("model", "prompt", "suffix", "max_tokens", "temperature", "seed", "stop", "stream", "stream_options", "verification",
                "min_tokens", "ignore_eos", "n", "best_of", "echo", "logprobs", "logit_bias", "user", "response_format", "structured_outputs",
                "guided_json", "guided_regex", "guided_choice", "cache_salt", "service_tier")) {
            for (String value : values) {
                check(("{\"model\":\"m\",\"prompt\":\"hi\"," + "\"" + name + "\":" + value + "}").getBytes(StandardCharsets.UTF_8));
                check(("{" + "\"" + name + "\":" + value + "}").getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
