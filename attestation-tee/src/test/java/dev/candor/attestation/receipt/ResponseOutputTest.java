package dev.candor.attestation.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.digest.StrictJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseOutputTest {
    private static final String PATH = "/v1/responses";
    private static final String ITEM = "{'type':'message','content':[{'type':'output_text','text':'ab'},{'type':'refusal','refusal':'no'}]}";
    private static final String END = event("{'type':'response.completed','response':{'status':'completed','output':[" + ITEM + "]}}");

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'status':'completed','output':[] | stop",
        "'status':'completed','output':[{'type':'message'},{'type':'function_call'}] | tool_calls",
        "'status':'completed','output':[{'type':'message','content':[{'type':'function_call'}]}] | stop",
        "'status':'incomplete','incomplete_details':{'reason':'max_output_tokens'},'output':[{'type':'function_call'}] | length",
        "'status':'incomplete','incomplete_details':{'reason':'timeout'},'output':[] | timeout"
    })
    void theStatusOfAResponseSaysWhyItEnded(String members, String reason) throws Exception {
        assertThat(CanonicalOutput.ofBody(PATH, StrictJson.parse(utf8("{" + members + "}"))).finishReasons()).containsExactly(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'status':'completed'} | no array output",
        "{'status':'completed','output':{}} | no array output",
        "{'output':[]} | has not ended",
        "{'status':'in_progress','output':[]} | has not ended",
        "{'status':'failed','output':[]} | has not ended",
        "{'status':'incomplete','output':[]} | has not ended"
    })
    void whatIsNoResponseThatHasEndedIsRefused(String body, String reason) {
        assertThatThrownBy(() -> CanonicalOutput.ofBody(PATH, StrictJson.parse(utf8(body))))
                .isInstanceOf(ReceiptVerificationException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void theOutputOfAStreamIsThatOfItsLastEvent() throws Exception {
        String stream = delta("output_text", "'output_index':0,'content_index':0,'delta':'a'") + ": a comment\n\n"
                + delta("refusal", "'output_index':0,'content_index':1,'delta':'no'")
                + delta("output_text", "'output_index':0,'content_index':0,'delta':'b'") + END;
        CanonicalOutput output = CanonicalOutput.ofStream(PATH, utf8(stream));
        assertThat(output.json()).isEqualTo(StrictJson.parse(utf8("[" + ITEM + "]")));
        assertThat(output.finishReasons()).containsExactly("stop");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "output_text|'output_index':0,'content_index':0,'delta':'x'",
        "output_text|'output_index':0,'content_index':0,'delta':'abc'",
        "output_text|'output_index':1,'content_index':0,'delta':'ab'",
        "output_text|'output_index':0,'content_index':7,'delta':'ab'",
        "output_text|'output_index':'~9','content_index':0,'delta':'ab'",
        "output_text|'delta':'ab'",
        "refusal|'output_index':0,'content_index':0,'delta':'no'",
        "reasoning_text|'output_index':0,'content_index':1,'delta':'no'",
        "reasoning_summary_text|'output_index':0,'summary_index':0,'delta':'s'",
        "function_call_arguments|'output_index':0,'delta':'{}'"
    })
    void deltasThatAreNotTheOutputAreRefused(String typeAndMembers) {
        String[] parts = typeAndMembers.split("\\|");
        refused(delta(parts[0], parts[1]) + END, "deltas are not its output at /");
    }

    @Test
    void streamsWithoutOneEndAreRefused() {
        refused("", "no event response.completed or response.incomplete");
        refused(END + END, "goes on after the end");
        refused(END + event("{'type':'response.in_progress'}"), "goes on after the end");
        refused(event("{'type':'response.failed','response':{'error':{'message':'broken'}}}"), "an error instead of an answer: broken");
        refused(event("{'type':'error','message':'late'}") + END, "an error instead of an answer: late");
        refused("data: x\n\n", "not made of response events");
        refused("data: \"" + "x".repeat(ResponseOutput.MAX_EVENT_BYTES) + "\"\n\n", "longer than");
        refused(event("{'type':'response.completed'}"), "no array output");
    }

    @Test
    void onlyAnswersThatGenerateTokensAreStreamed() {
        assertThatThrownBy(() -> CanonicalOutput.ofStream("/v1/embeddings", utf8(END))).hasMessageContaining("are not streamed");
    }

    private static String delta(String type, String members) {
        return event("{'type':'response." + type + ".delta'," + members + "}");
    }

    private static String event(String json) {
        return "event: named\ndata: " + json + "\n\n";
    }

    private static void refused(String stream, String reason) {
        assertThatThrownBy(() -> CanonicalOutput.ofStream(PATH, utf8(stream))).isInstanceOf(ReceiptVerificationException.class).hasMessageContaining(reason);
    }

    private static byte[] utf8(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
