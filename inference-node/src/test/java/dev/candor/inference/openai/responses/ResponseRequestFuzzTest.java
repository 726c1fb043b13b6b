package dev.candor.inference.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever bytes a request has, it becomes a chat request, or is refused with an error of the table that names the member at fault. */
class ResponseRequestFuzzTest {
    private static final String FULL = """
            {"model":"m@1","instructions":"be brief","input":[{"role":"user","content":"hi"},{"type":"message","role":"assistant","id":"msg_1",
            "content":[{"type":"output_text","text":"a","annotations":[]},{"type":"refusal","refusal":"no"}]},
            {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"s"}],"content":[{"type":"reasoning_text","text":"\\u00e9"}]},
            {"type":"function_call","call_id":"c","name":"f","arguments":"{}","status":"completed"},
            {"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"x"}]},{"type":"item_reference","id":"msg_2"}],
            "tools":[{"type":"function","name":"f","description":null,"parameters":{"type":"object"},"strict":true}],
            "tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"}]},"parallel_tool_calls":true,
            "text":{"format":{"type":"json_schema","name":"n","schema":{},"strict":true},"verbosity":"low"},
            "reasoning":{"effort":"low","summary":"auto"},"metadata":{"a":"b"},"store":true,"previous_response_id":"resp_1","truncation":"auto",
            "include":["message.output_text.logprobs"],"top_logprobs":2,"max_output_tokens":16,"temperature":0.5,"stream":true,"user":"u",
            "safety_identifier":"s","prompt_cache_key":"k","service_tier":"flex","background":false,"chat_template_kwargs":{"a":1}}""";
    private static final List<String> TOKENS = List.of("{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "1e999", "0.1", "9".repeat(400),
            "\"input\"", "\"type\"", "\"role\"", "\"content\"", "\"text\"", "\\ud800", "\\u0000", "\u0000", "[[[[[[[[[[", "{\"a\":", " ");

    private final ResponseRequestParser parser = new ResponseRequestParser(new Json());

    @FuzzTest(maxDuration = "2m")
    void readsOrRefuses(byte[] body) {
        check(body);
    }

    private void check(byte[] body) {
        try {
            ResponseRequest request = parser.parse(body);
            List<? extends JsonNode> items = request.input().stream().filter(item -> !item.path("type").asText().equals("item_reference")).toList();
            JsonNode chat = request.chat(items);
            assertThat(chat.path("messages")).allMatch(message -> message.path("role").isTextual());
            assertThat(chat.path("messages").size()).isLessThanOrEqualTo(items.size() + 1);
            assertThat(request.settings().path("tools").isArray()).isTrue();
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
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void survivesEveryMemberHoldingEveryKindOfValue() {
        List<String> values = List.of("null", "true", "0", "-1", "1.5", "1e308", "99999999999999999999", "\"\"", "\"x\"", "\"auto\"", "[]", "[null]",
                "[1]", "[\"x\"]", "[[]]", "[{}]", "[{\"type\":\"function\"}]", "{}", "{\"type\":1}", "{\"type\":\"function\",\"name\":\"x\"}",
                "{\"format\":{\"type\":\"json_schema\",\"name\":\"x\",\"schema\":1}}", "{\"x\":[]}");
        for (String name : List.of("model", "input", "instructions", "tools", "tool_choice", "text", "reasoning", "metadata", "store",
                "previous_response_id", "truncation", "include", "top_logprobs", "max_output_tokens", "background", "conversation", "prompt", "n",
                "parallel_tool_calls", "chat_template_kwargs", "user", "anything")) {
            for (String value : values) {
                String rest = name.equals("input") ? "" : ",\"input\":\"hi\"";
                check(("{\"" + name + "\":" + value + rest + "}").getBytes(StandardCharsets.UTF_8));
            }
        }
        for (String type : List.of("message", "function_call", "function_call_output", "reasoning", "item_reference", "x")) {
            for (String name : List.of("id", "role", "content", "status", "call_id", "name", "arguments", "output", "summary", "text", "type")) {
                for (String value : values) {
                    String rest = name.equals("type") ? "" : "\"type\":\"" + type + "\",";
                    check(("{\"input\":[{" + rest + "\"role\":\"user\",\"" + name + "\":" + value + "}]}").getBytes(StandardCharsets.UTF_8));
                    check(("{\"input\":[{" + rest + "\"" + name + "\":[{\"type\":\"input_text\",\"text\":" + value + "}]}]}")
                            .getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }
}
