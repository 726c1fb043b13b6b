package dev.candor.attestation.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.digest.StrictJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CanonicalChoicesTest {
    @Test
    void aStreamedAnswerHasTheChoicesOfTheSameAnswerUnstreamed() throws Exception {
        CanonicalChoices unstreamed = CanonicalChoices.ofBody(Operation.CHAT, StrictJson.parse(utf8("""
                {"choices":[{"index":1,"message":{"role":"assistant","content":"B","refusal":null},"finish_reason":"length"},
                {"index":0,"message":{"role":"assistant","content":"Aa","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
                "finish_reason":"tool_calls","logprobs":null}]}""")));
        CanonicalChoices streamed = CanonicalChoices.ofStream(Operation.CHAT, utf8("""
                data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"A"},"finish_reason":null}]}

                data: {"choices":[{"index":1,"delta":{"role":"assistant","content":"B"}},{"index":0,"delta":{"content":"a","refusal":null}}]}

                data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":"{"}}]}}]}

                : a comment

                data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]},"finish_reason":"tool_calls"}]}

                data: {"choices":[{"index":1,"delta":{},"finish_reason":"length"}]}

                data: {"choices":[],"usage":{"prompt_tokens":1}}

                """));
        assertThat(streamed.digest()).isEqualTo(unstreamed.digest());
        assertThat(streamed.finishReasons()).containsExactly("tool_calls", "length");
    }

    @Test
    void theOldFunctionCallIsPutTogetherAsToolCallsAre() throws Exception {
        CanonicalChoices streamed = CanonicalChoices.ofStream(Operation.CHAT, utf8("""
                data: {"choices":[{"index":0,"delta":{"role":"assistant","content":null,"function_call":{"name":"f","arguments":""}}}]}

                data: {"choices":[{"index":0,"delta":{"function_call":{"arguments":"{}"}},"finish_reason":"function_call"}]}

                """));
        assertThat(streamed.json().toString()).isEqualTo("[{\"index\":0,\"finish_reason\":\"function_call\",\"message\":"
                + "{\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"},\"role\":\"assistant\"}}]");
    }

    @Test
    void theTextsOfACompletionAreItsChoices() throws Exception {
        CanonicalChoices unstreamed = CanonicalChoices.ofBody(Operation.COMPLETION, StrictJson.parse(utf8(
                "{\"choices\":[{\"index\":1,\"text\":\"\",\"finish_reason\":\"length\"},{\"index\":0,\"text\":\"ab\",\"logprobs\":{},\"finish_reason\":\"stop\"}]}")));
        CanonicalChoices streamed = CanonicalChoices.ofStream(Operation.COMPLETION, utf8("""
                data: {"choices":[{"index":0,"text":"a"}]}

                data: {"choices":[{"index":1,"text":"","finish_reason":"length"},{"index":0,"text":"b","finish_reason":"stop"}]}

                """));
        assertThat(streamed.digest()).isEqualTo(unstreamed.digest());
        assertThat(streamed.json().toString()).isEqualTo(
                "[{\"index\":0,\"finish_reason\":\"stop\",\"text\":\"ab\"},{\"index\":1,\"finish_reason\":\"length\",\"text\":\"\"}]");
        assertThatThrownBy(() -> CanonicalChoices.ofBody(Operation.COMPLETION, StrictJson.parse(utf8("{\"choices\":[{\"index\":0,\"message\":{}}]}"))))
                .isInstanceOf(ReceiptVerificationException.class)
                .hasMessageContaining("no text");
    }

    @Test
    void anUnfinishedStreamHasNoFinishReason() throws Exception {
        CanonicalChoices choices = CanonicalChoices.ofStream(Operation.CHAT, utf8("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n"));
        assertThat(choices.json().toString()).isEqualTo("[{\"index\":0,\"finish_reason\":null,\"message\":{\"content\":\"x\"}}]");
        assertThat(choices.finishReasons()).containsExactly("none");
    }

    @Test
    void whatIsNotAChatCompletionIsRefused() {
        refusedBody("{}", "no choices");
        refusedBody("{\"choices\":[{}]}", "index");
        refusedBody("{\"choices\":[{\"index\":0},{\"index\":0}]}", "two choices");
        refusedBody("{\"choices\":[{\"index\":128}]}", "0 to 127");
        refusedStream("data: {\"choices\":[{\"index\":-1,\"delta\":{}}]}\n\n", "index");
        refusedStream("data: [1]\n\n", "not an object");
        refusedStream("data: {\"a\":1,\"a\":1}\n\n", "not made of completion chunks");
        refusedStream("data: {\"error\":{\"message\":\"no\"}}\n\n", "error");
        refusedStream("data: \"" + "x".repeat(CanonicalChoices.MAX_EVENT_BYTES) + "\"\n\n", "longer than");
    }

    private static void refusedBody(String body, String reason) {
        assertThatThrownBy(() -> CanonicalChoices.ofBody(Operation.CHAT, StrictJson.parse(utf8(body)))).isInstanceOf(ReceiptVerificationException.class).hasMessageContaining(reason);
    }

    private static void refusedStream(String stream, String reason) {
        assertThatThrownBy(() -> CanonicalChoices.ofStream(Operation.CHAT, utf8(stream))).isInstanceOf(ReceiptVerificationException.class).hasMessageContaining(reason);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
