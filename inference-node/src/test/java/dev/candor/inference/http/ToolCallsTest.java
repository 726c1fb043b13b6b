package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.EchoEngine;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.StreamedMessage;
import dev.candor.inference.testing.ToyChat;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tool calls over HTTP: of a model that writes them by itself, and of one that would write nonsense were it not forced. */
class ToolCallsTest {
    private static final String CALL = "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Köln\"}}\n</tool_call>";

    @TempDir
    private static Path folder;

    private static HttpFixture node;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        node = new HttpFixture(folder.resolve("home"), HttpFixture.Setup.free());
        client = new Client(node.url());
        node.models.add(ToyChat.open(ToyChat.publish(folder.resolve("cache"), new ToyModels.Shape(2, 64, 4, 2, 128, 2048))));
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        node.close();
        node.models.close();
    }

    /** The echoing model says {@code text}. */
    private static ObjectNode says(String text) {
        return withTool(Client.chat(EchoEngine.SAY + text), false);
    }

    private static ObjectNode toy(boolean strict) {
        return withTool(Client.chat("Weather in Bonn?").put("model", ToyChat.NAME).put("temperature", 1.5).put("max_tokens", 400), strict);
    }

    private static ObjectNode withTool(ObjectNode body, boolean strict) {
        ObjectNode function = body.putArray("tools").addObject().put("type", "function").putObject("function");
        ObjectNode schema = function.put("name", "get_weather").put("strict", strict).putObject("parameters").put("type", "object").put("additionalProperties", false);
        schema.putObject("properties").putObject("city").put("type", "string").put("maxLength", 8);
        schema.putArray("required").add("city");
        return body;
    }

    private static JsonNode choice(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Client.JSON.readTree(answer.body()).path("choices").path(0);
    }

    private static void assertBound(HttpResponse<String> answer, boolean stream) throws Exception {
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        ResponseBytes response = stream ? ResponseBytes.ofStream(bytes) : ResponseBytes.ofBody(bytes);
        Receipt receipt = response.receipt().receipt();
        assertThat(receipt.output()).isEqualTo(response.output());
    }

    /** The message that a stream's chunks make. */
    private static JsonNode assembled(HttpResponse<String> answer) throws Exception {
        ObjectNode choice = Client.JSON.createObjectNode();
        ObjectNode message = choice.putObject("message");
        for (String line : answer.body().lines().filter(line -> line.startsWith("data: {")).toList()) {
            JsonNode part = Client.JSON.readTree(line.substring(6)).path("choices").path(0);
            StreamedMessage.add(message, part.path("delta"));
            if (part.path("finish_reason").isTextual()) {
                choice.set("finish_reason", part.get("finish_reason"));
            }
        }
        return choice;
    }

    @Test
    void readsACallThatTheModelWroteByItself() throws Exception {
        HttpResponse<String> answer = client.post(says("Let me see." + CALL));

        JsonNode choice = choice(answer);
        assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(choice.at("/message/content").asText()).isEqualTo("Let me see.");
        assertThat(choice.at("/message/tool_calls")).hasSize(1);
        assertThat(choice.at("/message/tool_calls/0/id").asText()).startsWith("call_");
        assertThat(choice.at("/message/tool_calls/0/function").toString()).isEqualTo("{\"name\":\"get_weather\",\"arguments\":\"{\\\"city\\\": \\\"Köln\\\"}\"}");
        assertBound(answer, false);
    }

    @Test
    void streamsTheSameCallInPieces() throws Exception {
        JsonNode whole = choice(client.post(says("Let me see." + CALL + CALL)));
        HttpResponse<String> answer = client.post(says("Let me see." + CALL + CALL).put("stream", true));
        JsonNode streamed = assembled(answer);

        assertThat(streamed.path("finish_reason")).isEqualTo(whole.path("finish_reason"));
        assertThat(streamed.at("/message/content")).isEqualTo(whole.at("/message/content"));
        assertThat(streamed.at("/message/tool_calls")).hasSize(2);
        for (int i = 0; i < 2; i++) {
            assertThat(streamed.at("/message/tool_calls/" + i + "/function")).isEqualTo(whole.at("/message/tool_calls/" + i + "/function"));
        }
        assertBound(answer, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<tool_call>\n{\"name\": \"rob_bank\", \"arguments\": {}}\n</tool_call>", "<tool_call>", "<tool_call>{]</tool_call> oh"})
    void whatIsNoCallIsContent(String text) throws Exception {
        JsonNode choice = choice(client.post(says(text)));

        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
        assertThat(choice.at("/message/content").asText()).isEqualTo(text);
        assertThat(choice.path("message").has("tool_calls")).isFalse();
        assertThat(assembled(client.post(says(text).put("stream", true))).at("/message/content").asText()).isEqualTo(text);
    }

    @Test
    void answersFunctionsWithAFunctionCall() throws Exception {
        ObjectNode body = says(CALL);
        body.putArray("functions").add(body.remove("tools").at("/0/function"));

        JsonNode choice = choice(client.post(body));
        assertThat(choice.path("finish_reason").asText()).isEqualTo("function_call");
        assertThat(choice.at("/message/function_call/name").asText()).isEqualTo("get_weather");
        assertThat(assembled(client.post(body.put("stream", true))).at("/message/function_call")).isEqualTo(choice.at("/message/function_call"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'required'", "{'type':'function','function':{'name':'get_weather'}}"})
    void aModelThatKnowsNothingIsForcedToCall(String choice) throws Exception {
        for (int seed = 0; seed < 3; seed++) {
            ObjectNode body = toy(true).put("seed", seed);
            body.set("tool_choice", Client.JSON.readTree(choice.replace('\'', '"')));
            HttpResponse<String> answer = client.post(body.put("parallel_tool_calls", false));

            JsonNode told = choice(answer);
            assertThat(told.path("finish_reason").asText()).isEqualTo("tool_calls");
            assertThat(told.at("/message/content").isNull()).isTrue();
            JsonNode arguments = Client.JSON.readTree(told.at("/message/tool_calls/0/function/arguments").asText());
            assertThat(arguments.path("city").asText()).hasSizeLessThanOrEqualTo(8);
            assertThat(arguments.size()).isEqualTo(1);
            assertBound(answer, false);
            assertThat(assembled(client.post(body.put("stream", true))).at("/message/tool_calls/0/function")).isEqualTo(told.at("/message/tool_calls/0/function"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aForcedCallIsComputedAgainWithItsId(boolean stream) throws Exception {
        ObjectNode body = toy(true).put("tool_choice", "required").put("verification", "replay").put("seed", 3).put("n", 2).put("stream", stream);
        Path saved = ToyChat.chat(node.url(), body, folder.resolve("receipts-" + stream), Clock.systemUTC());

        HttpResponse<String> verdict = client.postTo("/v1/replay", ToyChat.replay(saved));
        assertThat(verdict.statusCode()).as(verdict.body()).isEqualTo(200);
        assertThat(Client.JSON.readTree(verdict.body()).at("/data/0/verdict").asText()).as(verdict.body()).isEqualTo("match");
    }

    @Test
    void aFunctionThatCannotBeKeptToIsRefusedByName() throws Exception {
        ObjectNode body = toy(true).put("tool_choice", "required");
        ((ObjectNode) body.at("/tools/0/function/parameters")).putObject("not").put("type", "string");
        HttpResponse<String> refused = client.post(body);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Client.JSON.readTree(refused.body()).at("/error/param").asText()).isEqualTo("tools[0].function.parameters");

        ((ObjectNode) body.at("/tools/0/function")).put("strict", false);
        assertThat(choice(client.post(body)).path("finish_reason").asText()).isIn("tool_calls", "length");
    }

    @Test
    void theConversationGoesOnWithTheResult() throws Exception {
        ObjectNode body = withTool(Client.chat("Weather?"), false);
        body.withArray("messages")
                .add(Client.JSON.readTree("{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"get_weather\",\"arguments\":\"{}\"}}]}"))
                .add(Client.JSON.createObjectNode().put("role", "tool").put("tool_call_id", "call_1").put("content", EchoEngine.SAY + "5 C"));

        assertThat(choice(client.post(body)).at("/message/content").asText()).startsWith("5 C");
    }
}
