package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.EffectiveRequest;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.EchoEngine;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.Until;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SeveralChoicesTest extends ServedNode {
    @Override
    HttpFixture.Setup setup() {
        return HttpFixture.Setup.free();
    }

    private static ObjectNode ask(int n) {
        return Client.chat("hello").put("n", n);
    }

    @Test
    void givesSeveralAnswersUnderOneReceiptAndCountsThePromptOnce() throws Exception {
        HttpResponse<String> answer = client.post(ask(3));

        JsonNode body = Client.JSON.readTree(answer.body());
        assertThat(body.path("choices")).hasSize(3).allSatisfy(choice ->
                assertThat(choice.path("message").path("content").asText()).isEqualTo("hello"));
        assertThat(body.path("choices").findValuesAsText("index")).containsExactly("0", "1", "2");
        assertThat(body.path("usage").path("prompt_tokens").asInt()).isEqualTo("user:hello".length());
        assertThat(body.path("usage").path("completion_tokens").asInt()).isEqualTo(3 * 6);
        ResponseBytes response = ResponseBytes.ofBody(answer.body().getBytes(StandardCharsets.UTF_8));
        Receipt receipt = response.receipt().receipt();
        assertThat(receipt.output()).isEqualTo(response.output());
        assertThat(response.tokenIds()).hasSize(3);
        assertThat(receipt.usage().finishReasons()).containsExactly("stop", "stop", "stop");
        EffectiveRequest.checkConsistent("/v1/chat/completions", ask(3).toString().getBytes(StandardCharsets.UTF_8), receipt);
    }

    @Test
    void streamsEachChoiceUnderItsIndexWithItsOwnRoleAndEnd() throws Exception {
        HttpResponse<String> answer = client.post(ask(2).put("stream", true));

        List<JsonNode> chunks = chunks(answer.body());
        for (int index = 0; index < 2; index++) {
            List<JsonNode> own = new ArrayList<>();
            for (JsonNode chunk : chunks) {
                if (chunk.path("choices").path(0).path("index").asInt() == index) {
                    own.add(chunk.path("choices").path(0));
                }
            }
            assertThat(own.getFirst().path("delta").path("role").asText()).isEqualTo("assistant");
            assertThat(own.getLast().path("finish_reason").asText()).isEqualTo("stop");
            assertThat(own.stream().map(choice -> choice.path("delta").path("content").asText("")).reduce("", String::concat)).isEqualTo("hello");
        }
        ResponseBytes response = ResponseBytes.ofStream(answer.body().getBytes(StandardCharsets.UTF_8));
        assertThat(response.receipt().receipt().output()).isEqualTo(response.output());
    }

    @Test
    void tellsLogProbabilitiesTokenByTokenStreamedAndNot() throws Exception {
        ObjectNode request = Client.chat("hé").put("logprobs", true).put("top_logprobs", 2);

        JsonNode whole = Client.JSON.readTree(client.post(request).body()).path("choices").path(0).path("logprobs");
        List<JsonNode> streamed = new ArrayList<>();
        chunks(client.post(request.deepCopy().put("stream", true)).body())
                .forEach(chunk -> chunk.path("choices").path(0).path("logprobs").path("content").forEach(streamed::add));

        assertThat(whole.get("refusal").isNull()).isTrue();
        assertThat(whole.path("content")).hasSize(2).containsExactlyElementsOf(streamed);
        JsonNode second = whole.path("content").path(1);
        assertThat(second.path("token").asText()).isEqualTo("é");
        assertThat(second.path("logprob").asDouble()).isEqualTo(-1);
        assertThat(second.path("bytes").toString()).isEqualTo("[195,169]");
        assertThat(second.path("top_logprobs")).hasSize(2);
        assertThat(second.path("top_logprobs").path(1).path("token").asText()).isEqualTo("ê");
        assertThat(Client.JSON.readTree(client.post(Client.chat("x")).body()).path("choices").path(0).get("logprobs").isNull()).isTrue();
    }

    @Test
    void refusesMoreLogProbabilitiesThanOneEventCanHold() throws Exception {
        HttpResponse<String> answer = client.post(ask(3).put("max_tokens", 100_000).put("logprobs", true).put("top_logprobs", 20));

        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode error = Client.JSON.readTree(answer.body()).path("error");
        assertThat(error.path("param").asText()).isEqualTo("top_logprobs");
        assertThat(error.path("message").asText()).contains("may have 150000");
    }

    @Test
    void listsTheMembersThatNothingIsMadeOf() throws Exception {
        ObjectNode request = Client.chat("hi").put("wisdom", 1).put("a,b\u00e9", 2).put("user", "me");

        assertThat(client.post(request).headers().firstValue("Candor-Warning")).contains("ignored members: wisdom, a?b?");
        assertThat(client.post(request.deepCopy().put("stream", true)).headers().firstValue("Candor-Warning")).contains("ignored members: wisdom, a?b?");
        assertThat(client.post(Client.chat("hi").put("user", "me")).headers().firstValue("Candor-Warning")).isEmpty();
    }

    @Test
    void refusesMoreAnswersThanTheNodeHoldsAltogether() throws Exception {
        HttpResponse<String> answer = client.post(ask(128));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Client.JSON.readTree(answer.body()).path("error").path("param").asText()).isEqualTo("n");
    }

    @Test
    void refusesMoreTokensThanItWillHoldForOneRequest() throws Exception {
        HttpResponse<String> answer = client.post(ask(128).put("max_tokens", 4000));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("answers may have", "lower 'max_tokens'");
    }

    @Test
    void stopsAllAnswersOfAClientThatGoes() throws Exception {
        node.engine.hold();
        CompletableFuture<?> gone = client.http().sendAsync(
                client.chatRequest(Client.chat(Character.toString(EchoEngine.ENDLESS)).put("n", 3).toString()), HttpResponse.BodyHandlers.ofString());
        Until.holds(() -> node.engine.running() == 3);
        gone.cancel(true);
        Until.holds(() -> node.engine.cancelled() == 3);
        assertThat(node.engine.running()).isZero();
    }

    private static List<JsonNode> chunks(String stream) throws Exception {
        List<JsonNode> chunks = new ArrayList<>();
        for (String line : stream.split("\n")) {
            if (line.startsWith("data: {")) {
                chunks.add(Client.JSON.readTree(line.substring(6)));
            }
        }
        return chunks;
    }
}
