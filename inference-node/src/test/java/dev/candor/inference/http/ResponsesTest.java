package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.EffectiveRequest;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.EchoEngine;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.ResponseClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code POST /v1/responses}, whole and streamed. */
class ResponsesTest extends ServedNode {
    private static final String CALL = "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Oslo\"}}\n</tool_call>";

    private ResponseClient responses;

    @Override
    HttpFixture.Setup setup() {
        return HttpFixture.Setup.free();
    }

    @BeforeEach
    void begin() {
        responses = new ResponseClient(client);
    }

    private static ObjectNode withTool(ObjectNode body) {
        ObjectNode tool = body.putArray("tools").addObject().put("type", "function").put("name", "weather").put("description", "of a city");
        tool.putObject("parameters").put("type", "object").putObject("properties").putObject("city").put("type", "string");
        return body;
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream().map(event -> event.path("type").asText().replace("response.", "")).toList();
    }

    @Test
    void answersInTheShapeOfOpenAi() throws Exception {
        HttpResponse<String> answer = responses.post(ResponseClient.request("hello"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-request-id")).isPresent();
        assertThat(answer.headers().firstValue("Candor-Warning")).isEmpty();
        JsonNode body = Client.JSON.readTree(answer.body());
        assertThat(body.path("id").asText()).matches("resp_[0-9a-f]{48}");
        assertThat(body.path("object").asText()).isEqualTo("response");
        assertThat(body.path("status").asText()).isEqualTo("completed");
        assertThat(body.path("model").asText()).isEqualTo(HttpFixture.MODEL);
        assertThat(body.path("created_at").isIntegralNumber()).isTrue();
        assertThat(body.path("completed_at").asLong()).isGreaterThanOrEqualTo(body.path("created_at").asLong());
        assertThat(body.fieldNames()).toIterable().contains("error", "incomplete_details", "instructions", "max_output_tokens", "metadata", "output",
                "parallel_tool_calls", "previous_response_id", "reasoning", "service_tier", "store", "temperature", "text", "tool_choice", "tools",
                "top_logprobs", "top_p", "truncation", "usage", "user", "background", "prompt_cache_key", "safety_identifier", "max_tool_calls");
        assertThat(List.of("error", "incomplete_details", "instructions", "max_output_tokens", "previous_response_id", "user"))
                .allMatch(name -> body.get(name).isNull());
        assertThat(body.path("temperature").asDouble()).isZero();
        assertThat(body.path("service_tier").asText()).isEqualTo("default");
        assertThat(body.path("store").asBoolean()).isTrue();
        assertThat(body.path("output")).hasSize(1);
        JsonNode message = body.at("/output/0");
        assertThat(message.path("type").asText()).isEqualTo("message");
        assertThat(message.path("role").asText()).isEqualTo("assistant");
        assertThat(message.path("status").asText()).isEqualTo("completed");
        assertThat(message.path("id").asText()).startsWith("msg_");
        assertThat(message.path("content")).isEqualTo(Client.JSON.readTree("""
                [{"type":"output_text","text":"hello","annotations":[],"logprobs":[]}]"""));
        assertThat(body.path("usage")).isEqualTo(Client.JSON.readTree("""
                {"input_tokens":10,"input_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},
                "output_tokens":6,"output_tokens_details":{"reasoning_tokens":0},
                "total_tokens":16}"""));
    }

    @Test
    void bindsTheReceiptToRequestAndAnswer() throws Exception {
        ObjectNode request = ResponseClient.request("hello").put("max_output_tokens", 50);
        HttpResponse<String> answer = responses.post(request, "Candor-Nonce", "00112233445566778899aabbccddeeff");

        ResponseBytes response = ResponseBytes.ofBody(answer.body().getBytes(StandardCharsets.UTF_8));
        Receipt receipt = response.receipt().receipt();
        response.receipt().verifySignature(node.receiptKey.compressedPublicKey());
        assertThat(receipt.output()).isEqualTo(response.output());
        byte[] sent = request.toString().getBytes(StandardCharsets.UTF_8);
        assertThat(receipt.request().body()).isEqualTo(Digest.sha256(sent));
        assertThat(receipt.request().path()).isEqualTo("/v1/responses");
        assertThat(receipt.request().effective()).isEqualTo(
                EffectiveRequest.of("/v1/responses", sent, receipt.model(), receipt.sampling(), receipt.verification()).digest());
        EffectiveRequest.checkConsistent("/v1/responses", sent, receipt);
        assertThat(receipt.sampling().maxTokens()).isEqualTo(50);
        assertThat(receipt.usage().finishReasons()).containsExactly("stop").isEqualTo(response.content().finishReasons());
        assertThat(receipt.clientNonce()).contains("00112233445566778899aabbccddeeff");
        assertThat(answer.headers().firstValue("Candor-Receipt-Id")).contains(receipt.id().value());
    }

    @Test
    void streamsTheEventsOfOpenAiThenTheReceiptThenDone() throws Exception {
        HttpResponse<String> answer = responses.post(ResponseClient.request("hi").put("stream", true));

        assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
        assertThat(answer.body()).endsWith("\n\ndata: [DONE]\n\n");
        List<JsonNode> events = ResponseClient.events(answer.body());
        assertThat(types(events)).containsExactly("created", "in_progress", "output_item.added", "content_part.added", "output_text.delta",
                "output_text.delta", "output_text.done", "content_part.done", "output_item.done", "completed");
        assertThat(events).extracting(event -> event.path("sequence_number").asInt())
                .containsExactlyElementsOf(IntStream.range(0, events.size()).boxed().toList());
        assertThat(events.get(0).at("/response/status").asText()).isEqualTo("in_progress");
        assertThat(events.get(0).at("/response/output")).isEmpty();
        assertThat(events.get(0).at("/response/usage").isNull()).isTrue();
        JsonNode last = events.getLast().get("response");
        assertThat(last.path("id")).isEqualTo(events.get(0).at("/response/id"));
        assertThat(last.at("/output/0/content/0/text").asText()).isEqualTo("hi");
        ResponseBytes response = ResponseBytes.ofStream(answer.body().getBytes(StandardCharsets.UTF_8));
        response.receipt().verifySignature(node.receiptKey.compressedPublicKey());
        assertThat(response.receipt().receipt().output()).isEqualTo(response.output());
        assertThat(response.content().json()).isEqualTo(last.path("output"));
        assertThat(answer.headers().firstValue("Candor-Receipt-Id")).contains(response.receipt().receipt().id().value());
    }

    @Test
    void saysTheSameStreamedAndNot() throws Exception {
        ObjectNode request = withTool(ResponseClient.request(EchoEngine.SAY + "<think>let me</think>I look it up. " + CALL)).put("instructions", "be kind");
        request.putArray("include").add("message.output_text.logprobs");
        ObjectNode whole = responses.made(request);
        List<JsonNode> events = ResponseClient.events(responses.post(request.deepCopy().put("stream", true)).body());
        ObjectNode streamed = (ObjectNode) events.getLast().get("response");

        assertThat(whole.path("output")).hasSize(3);
        assertThat(streamed.fieldNames()).toIterable().containsExactlyElementsOf(
                () -> IntStream.range(0, 1).mapToObj(i -> whole.deepCopy().without("candor").fieldNames()).iterator().next());
        assertThat(plain(streamed)).isEqualTo(plain(whole));
    }

    /** Without what differs from one response to the next. */
    private static ObjectNode plain(ObjectNode response) {
        ObjectNode plain = response.deepCopy();
        plain.remove(List.of("id", "created_at", "completed_at", "candor"));
        plain.path("output").forEach(item -> ((ObjectNode) item).remove(List.of("id", "call_id")));
        return plain;
    }

    @Test
    void tellsThoughtsWordsAndCallsAsItemsOfTheirOwn() throws Exception {
        ObjectNode request = withTool(ResponseClient.request(EchoEngine.SAY + "<think>hm</think>So. " + CALL)).put("stream", true);

        List<JsonNode> events = ResponseClient.events(responses.post(request).body());

        JsonNode response = events.getLast().get("response");
        assertThat(types(events).stream().filter(type -> !type.endsWith(".delta")).toList()).containsExactly("created", "in_progress",
                "output_item.added", "content_part.added", "reasoning_text.done", "content_part.done", "output_item.done",
                "output_item.added", "content_part.added", "output_text.done", "content_part.done", "output_item.done",
                "output_item.added", "function_call_arguments.done", "output_item.done", "completed");
        assertThat(response.at("/output/0/content")).isEqualTo(Client.JSON.readTree("[{\"type\":\"reasoning_text\",\"text\":\"hm\"}]"));
        assertThat(response.at("/output/0/id").asText()).startsWith("rs_");
        assertThat(response.at("/output/1/content/0/text").asText()).isEqualTo("So.");
        JsonNode call = response.at("/output/2");
        assertThat(call.path("type").asText()).isEqualTo("function_call");
        assertThat(call.path("id").asText()).startsWith("fc_");
        assertThat(call.path("call_id").asText()).startsWith("call_");
        assertThat(call.path("name").asText()).isEqualTo("weather");
        assertThat(Client.JSON.readTree(call.path("arguments").asText())).isEqualTo(Client.JSON.readTree("{\"city\":\"Oslo\"}"));
        assertThat(response.at("/usage/output_tokens_details/reasoning_tokens").asInt()).isBetween(2, 20);
        assertThat(response.path("tools")).hasSize(1);
        ResponseBytes bytes = ResponseBytes.ofStream(responses.post(request).body().getBytes(StandardCharsets.UTF_8));
        assertThat(bytes.receipt().receipt().usage().finishReasons()).containsExactly("tool_calls").isEqualTo(bytes.content().finishReasons());
    }

    @Test
    void takesTheResultOfACall() throws Exception {
        ObjectNode request = withTool(ResponseClient.request(""));
        ArrayNode input = request.putArray("input");
        input.addObject().put("role", "user").put("content", "weather?");
        input.addObject().put("type", "function_call").put("call_id", "call_1").put("name", "weather").put("arguments", "{}");
        input.addObject().put("type", "function_call_output").put("call_id", "call_1").put("output", "rain");
        input.addObject().put("role", "user").put("content", EchoEngine.SAY + "thanks");
        assertThat(responses.made(request).at("/output/0/content/0/text").asText()).isEqualTo("thanks");

        ((ObjectNode) input.get(2)).put("call_id", "call_2");
        HttpResponse<String> refused = responses.post(request);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Client.JSON.readTree(refused.body()).at("/error/param").asText()).isEqualTo("input[2].call_id");
        assertThat(refused.body()).contains("No tool call found for function call output with call_id 'call_2'");
    }

    @Test
    void saysThatAnAnswerWasCutOff() throws Exception {
        ObjectNode request = ResponseClient.request("hello").put("max_output_tokens", 3);
        ObjectNode whole = responses.made(request);
        List<JsonNode> events = ResponseClient.events(responses.post(request.put("stream", true)).body());

        assertThat(whole.path("status").asText()).isEqualTo("incomplete");
        assertThat(whole.at("/incomplete_details/reason").asText()).isEqualTo("max_output_tokens");
        assertThat(whole.get("completed_at").isNull()).isTrue();
        assertThat(whole.at("/output/0/status").asText()).isEqualTo("incomplete");
        assertThat(whole.at("/output/0/content/0/text").asText()).isEqualTo("hel");
        assertThat(types(events)).endsWith("output_item.done", "incomplete");
        assertThat(plain((ObjectNode) events.getLast().get("response"))).isEqualTo(plain(whole));
    }

    @Test
    void tellsLogProbabilitiesOfTheMessageWhereAsked() throws Exception {
        ObjectNode request = ResponseClient.request("hi").put("top_logprobs", 2).put("stream", true);
        request.putArray("include").add("message.output_text.logprobs");

        List<JsonNode> events = ResponseClient.events(responses.post(request).body());

        JsonNode logprobs = events.getLast().at("/response/output/0/content/0/logprobs");
        assertThat(logprobs).hasSize(2);
        assertThat(logprobs.at("/0/token").asText()).isEqualTo("h");
        assertThat(logprobs.at("/0/top_logprobs")).hasSize(2);
        assertThat(logprobs.at("/0/bytes").get(0).asInt()).isEqualTo('h');
        assertThat(events.stream().filter(event -> event.path("type").asText().equals("response.output_text.delta")))
                .hasSize(2).allMatch(event -> event.path("logprobs").size() == 1);
    }

    @Test
    void tellsNoLogProbabilitiesOfThoughtsMarkersAndCalls() throws Exception {
        ObjectNode request = withTool(ResponseClient.request(EchoEngine.SAY + "<think>hm</think>So. " + CALL));
        request.putArray("include").add("message.output_text.logprobs");

        JsonNode message = responses.made(request).at("/output/1");

        StringBuilder tokens = new StringBuilder();
        message.at("/content/0/logprobs").forEach(token -> tokens.append(token.path("token").asText()));
        assertThat(tokens.toString().strip()).isEqualTo("So.");
    }

    @Test
    void listsWhatItMakesNothingOfInAHeader() throws Exception {
        ObjectNode request = ResponseClient.request("hi").put("no_such_thing", 1);
        request.putObject("text").put("verbosity", "low");
        request.putObject("reasoning").put("effort", "low").put("summary", "auto");
        request.putArray("include").add("reasoning.encrypted_content");

        assertThat(responses.post(request).headers().firstValue("Candor-Warning").orElseThrow())
                .contains("no_such_thing", "text.verbosity", "reasoning.summary", "include.reasoning.encrypted_content").doesNotContain("effort");
        assertThat(responses.post(request.put("stream", true)).headers().firstValue("Candor-Warning")).isPresent();
    }

    @Test
    void refusesInTheNamesOfTheRequest() throws Exception {
        ObjectNode format = ResponseClient.request("hi");
        format.putObject("text").putObject("format").put("type", "json_schema").put("name", "x").putObject("schema").put("type", "object");
        JsonNode refused = Client.JSON.readTree(responses.post(format).body()).path("error");
        assertThat(refused.path("param").asText()).startsWith("text.format");
        assertThat(refused.path("message").asText()).doesNotContain("response_format");

        JsonNode tooLong = Client.JSON.readTree(responses.post(ResponseClient.request("x".repeat(5000))).body()).path("error");
        assertThat(tooLong.path("code").asText()).isEqualTo("context_length_exceeded");
        assertThat(tooLong.path("param").asText()).isEqualTo("input");
        assertThat(Client.code(responses.post(ResponseClient.request("hi").put("background", true)))).isEqualTo("unsupported_parameter");
        assertThat(Client.code(responses.post(ResponseClient.request("hi").put("model", "nobody/nothing")))).isEqualTo("model_not_found");
        assertThat(Client.code(responses.post(ResponseClient.request("hi").put("verification", "replay")))).isEqualTo("unsupported_parameter");
        assertThat(Client.JSON.readTree(responses.post(ResponseClient.request("hi").put("temperature", 3)).body()).at("/error/param").asText())
                .isEqualTo("temperature");
    }

    @Test
    void dropsTheOldestTurnsWhereAskedTo() throws Exception {
        ObjectNode request = ResponseClient.request("").put("instructions", "be kind");
        ArrayNode input = request.putArray("input");
        for (int i = 0; i < 10; i++) {
            input.addObject().put("role", "user").put("content", "x".repeat(1000));
            input.addObject().put("role", "assistant").put("content", "y");
        }
        input.addObject().put("role", "user").put("content", EchoEngine.SAY + "last");
        assertThat(Client.code(responses.post(request))).isEqualTo("context_length_exceeded");

        ObjectNode made = responses.made(request.put("truncation", "auto"));

        assertThat(made.at("/output/0/content/0/text").asText()).isEqualTo("last");
        assertThat(made.at("/usage/input_tokens").asInt()).isBetween(3000, 4096 - 256);
        assertThat(made.path("truncation").asText()).isEqualTo("auto");
        assertThat(Client.code(responses.post(ResponseClient.request("x".repeat(5000)).put("truncation", "auto")))).isEqualTo("context_length_exceeded");
    }

    @Test
    void failsAsAnOrdinaryErrorBeforeTheFirstTokenAndAsEventsAfterIt() throws Exception {
        HttpResponse<String> early = responses.post(ResponseClient.request(String.valueOf(EchoEngine.POISON)).put("stream", true));
        HttpResponse<String> late = responses.post(ResponseClient.request("ab" + EchoEngine.POISON).put("stream", true));

        assertThat(early.statusCode()).isEqualTo(500);
        assertThat(Client.code(early)).isEqualTo("internal_error");
        assertThat(late.statusCode()).isEqualTo(200);
        List<JsonNode> events = ResponseClient.events(late.body());
        assertThat(types(events)).endsWith("output_text.delta", "failed", "error");
        JsonNode failed = events.get(events.size() - 2).path("response");
        assertThat(failed.path("status").asText()).isEqualTo("failed");
        assertThat(failed.at("/error/code").asText()).isEqualTo("internal_error");
        assertThat(events.getLast().path("message").asText()).doesNotContain("secret");
        assertThat(events.getLast().at("/error/type").asText()).isEqualTo("server_error");
        assertThat(events).extracting(event -> event.path("sequence_number").asInt())
                .containsExactlyElementsOf(IntStream.range(0, events.size()).boxed().toList());
        assertThat(late.body()).doesNotContain("[DONE]", "candor-receipt");
        assertThat(responses.get(failed).statusCode()).isEqualTo(404);
    }

    @Test
    void sendsNoReceiptToAClientThatWantsNone() throws Exception {
        HttpResponse<String> whole = responses.post(ResponseClient.request("hi").put("verification", "none"));
        HttpResponse<String> stream = responses.post(ResponseClient.request("hi").put("verification", "none").put("stream", true));

        assertThat(whole.body()).doesNotContain("candor\":");
        assertThat(stream.body()).doesNotContain(": candor-").endsWith("data: [DONE]\n\n");
        assertThat(node.ledger.leafCount()).isZero();
    }
}
