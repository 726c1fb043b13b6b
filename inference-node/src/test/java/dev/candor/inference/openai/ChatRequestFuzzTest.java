package dev.candor.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever bytes a request has, it is read, or refused with an error of the table that names the member at fault. */
class ChatRequestFuzzTest {
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final String FULL = """
            {"model":"m@1","messages":[{"role":"system","content":"be brief"},{"role":"user","content":[{"type":"text","text":"a"},
            {"type":"text","text":"\\u00e9"}]},{"role":"assistant","content":null},{"role":"tool","content":"x","tool_call_id":"1"}],
            "max_tokens":16,"temperature":0.5,"top_p":0.9,"top_k":40,"min_p":0.1,"frequency_penalty":-1,"presence_penalty":1,
            "repetition_penalty":1.1,"seed":-9223372036854775808,"stop":["a","b"],"stream":true,"stream_options":{"include_usage":true},
            "verification":"tee","min_tokens":0,"ignore_eos":false,"n":1,"user":"u","metadata":{},"tools":[],"logit_bias":{},
            "response_format":{"type":"text"},"modalities":["text"]}""";
    private static final List<String> TOKENS = List.of("{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "1e999", "0.1", "9".repeat(400),
            "\"model\"", "\"messages\"", "\"role\"", "\"content\"", "\"stop\"", "\\ud800", "\\u0000", "\u0000", "[[[[[[[[[[", "{\"a\":", " ");

    private final ChatRequestParser parser = new ChatRequestParser(new Json());

    @FuzzTest(maxDuration = "2m")
    void readsOrRefuses(byte[] body) {
        check(body);
    }

    private void check(byte[] body) {
        try {
            ChatRequest request = parser.parse(body);
            assertThat(request.model()).isNotNull();
            assertThat(request.prompt().messages()).isNotEmpty().allMatch(message -> message.path("content").isTextual());
            assertThat(request.decoding().stop()).hasSizeLessThanOrEqualTo(4);
        } catch (ApiException refusal) {
            assertThat(refusal.error().status()).isBetween(400, 499);
            assertThat(refusal.getMessage()).isNotBlank();
            assertThat(refusal.body().path("error").size()).isGreaterThanOrEqualTo(4);
        }
    }

    @Test
    void survivesMutatedRequests() {
        Random random = new Random(20261121);
        assertThatCode(() -> parser.parse(FULL.getBytes(StandardCharsets.UTF_8))).doesNotThrowAnyException();
        for (int i = 0; i < 3_000; i++) {
            check(mutated(random));
        }
    }

    private static byte[] mutated(Random random) {
        StringBuilder body = new StringBuilder(FULL);
        for (int i = 0; i <= random.nextInt(3); i++) {
            int at = random.nextInt(body.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> body.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
                case 1 -> body.delete(at, Math.min(body.length(), at + 1 + random.nextInt(12)));
                case 2 -> body.replace(at, Math.min(body.length(), at + 1 + random.nextInt(8)), TOKENS.get(random.nextInt(TOKENS.size())));
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
        List<String> values = List.of("null", "true", "false", "0", "-1", "1", "1.5", "1e308", "1e-400", "99999999999999999999", "\"\"", "\"x\"",
                "[]", "[null]", "[1]", "[\"x\"]", "[[]]", "[{}]", "{}", "{\"type\":1}", "{\"x\":[]}");
        for (String name : List.of("model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "min_p",
                "frequency_penalty", "presence_penalty", "repetition_penalty", "seed", "stop", "stream", "stream_options", "verification",
                "min_tokens", "ignore_eos", "n", "user", "metadata", "tools", "functions", "tool_choice", "logit_bias", "logprobs",
                "top_logprobs", "response_format", "modalities", "anything")) {
            for (String value : values) {
                String rest = (name.equals("model") ? "" : ",\"model\":\"m\"") + (name.equals("messages") ? "" : "," + MESSAGES);
                check(("{\"" + name + "\":" + value + rest + "}").getBytes(StandardCharsets.UTF_8));
                check(("{\"model\":\"m\",\"messages\":[{\"" + name + "\":" + value + ",\"role\":\"user\",\"content\":" + value + "}]}")
                        .getBytes(StandardCharsets.UTF_8));
                check(("{\"model\":\"m\",\"messages\":[{\"role\":" + value + ",\"content\":[" + value + ",{\"type\":" + value + "}]}]}")
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"messages\":1 | messages | INVALID_TYPE",
        "\"messages\":[] | messages | INVALID_VALUE",
        "\"messages\":[1] | messages[0] | INVALID_TYPE",
        "\"messages\":[{}] | messages[0].role | MISSING_PARAMETER",
        "\"messages\":[{\"role\":\"king\",\"content\":\"\"}] | messages[0].role | INVALID_VALUE",
        "\"messages\":[{\"role\":\"user\"}] | messages[0].content | MISSING_PARAMETER",
        "\"messages\":[{\"role\":\"user\",\"content\":5}] | messages[0].content | INVALID_TYPE",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}] | messages[0].content[0].type | UNSUPPORTED_CONTENT",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}] | messages[0].content[0].text | MISSING_PARAMETER"})
    void namesTheMessageAtFault(String messages, String param, ErrorCode code) {
        assertRefused("{\"model\":\"m\"," + messages + "}", param, code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "max_tokens | 0 | INVALID_VALUE", "max_tokens | 1.5 | INVALID_TYPE", "max_tokens | \"5\" | INVALID_TYPE",
        "max_tokens | 99999999999999999999 | INVALID_VALUE", "temperature | 2.1 | INVALID_VALUE", "temperature | -0.1 | INVALID_VALUE",
        "temperature | \"1\" | INVALID_TYPE", "temperature | 1e300 | INVALID_VALUE", "top_p | -0.1 | INVALID_VALUE", "top_p | 1.01 | INVALID_VALUE",
        "top_k | -2 | INVALID_VALUE", "min_p | 2 | INVALID_VALUE", "frequency_penalty | 3 | INVALID_VALUE",
        "presence_penalty | -3 | INVALID_VALUE", "repetition_penalty | 0 | INVALID_VALUE", "seed | 1.5 | INVALID_TYPE",
        "seed | 9223372036854775808 | INVALID_VALUE", "stop | 5 | INVALID_TYPE", "stop | [\"a\",\"b\",\"c\",\"d\",\"e\"] | INVALID_VALUE",
        "stop | \"\" | INVALID_VALUE", "stop | [1] | INVALID_TYPE", "stream | \"true\" | INVALID_TYPE", "stream_options | {} | INVALID_VALUE",
        "stream_options | 5 | INVALID_TYPE", "verification | \"zk!\" | INVALID_VALUE", "n | 0 | INVALID_VALUE",
        "logprobs | 1 | INVALID_TYPE", "tools | 1 | INVALID_TYPE",
        "response_format | [] | INVALID_TYPE", "logit_bias | {\"1\":500} | INVALID_VALUE",
        "modalities | [\"audio\"] | UNSUPPORTED_PARAMETER", "metadata | [] | INVALID_TYPE", "user | 5 | INVALID_TYPE"})
    void namesTheParameterAtFault(String name, String value, ErrorCode code) {
        assertRefused("{\"model\":\"m\"," + MESSAGES + ",\"" + name + "\":" + value + "}", name, code);
    }

    private void assertRefused(String body, String param, ErrorCode code) {
        ApiException refusal = catchThrowableOfType(ApiException.class, () -> parser.parse(body.getBytes(StandardCharsets.UTF_8)));
        assertThat(refusal).as(body).isNotNull();
        assertThat(refusal.error()).as(refusal.getMessage()).isEqualTo(code);
        assertThat(refusal.param()).contains(param);
        assertThat(refusal.getMessage()).contains(param.substring(param.lastIndexOf('.') + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "[]", "1", "\"x\"", "{", "{}x", "{\"model\":\"a\",\"model\":\"b\"}", "{'a':1}", "{\"a\":NaN}",
            "{\"a\":01}", "\ufeff{}", "{\"a\":1,}", "// x\n{}"})
    void refusesWhatIsNotOneJsonObject(String body) {
        ApiException refusal = catchThrowableOfType(ApiException.class, () -> parser.parse(body.getBytes(StandardCharsets.UTF_8)));
        assertThat(refusal.error()).isEqualTo(ErrorCode.INVALID_JSON);
    }

    @Test
    void refusesBytesThatAreNotUtf8AndDocumentsThatAreTooDeep() {
        byte[] body = ("{\"model\":\"x\"," + MESSAGES + "}").getBytes(StandardCharsets.UTF_8);
        body[10] = (byte) 0xff;
        assertThat(catchThrowableOfType(ApiException.class, () -> parser.parse(body)).error()).isEqualTo(ErrorCode.INVALID_JSON);
        byte[] deep = ("{\"model\":\"x\"," + MESSAGES + ",\"x\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
        assertThat(catchThrowableOfType(ApiException.class, () -> parser.parse(deep)).error()).isEqualTo(ErrorCode.INVALID_JSON);
    }
}
