package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.inference.keys.ApiKey;
import dev.candor.inference.keys.ApiKeyFile;
import dev.candor.inference.keys.ApiSecret;
import dev.candor.inference.openai.responses.ResponseStore;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.EchoEngine;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.ResponseClient;
import dev.candor.inference.testing.TestClock;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is kept of responses: who gets it, for how long, and how a conversation goes on. */
class StoredResponsesTest extends ServedNode {
    private final TestClock clock = new TestClock(Instant.parse("2026-11-21T12:00:00Z"));

    private ResponseClient responses;

    @Override
    HttpFixture.Setup setup() {
        return HttpFixture.Setup.free().withClock(clock);
    }

    @BeforeEach
    void begin() {
        responses = new ResponseClient(client);
    }

    @Test
    void givesAResponseAgainAsItWasAnswered() throws Exception {
        HttpResponse<String> made = responses.post(ResponseClient.request("hi"));
        JsonNode response = Client.JSON.readTree(made.body());

        HttpResponse<String> again = responses.get(response);

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(made.body());
        assertThat(again.headers().firstValue("Candor-Receipt-Id")).isEqualTo(made.headers().firstValue("Candor-Receipt-Id"));
        assertThat(again.headers().firstValue("cache-control")).contains("private, no-store");
        ResponseBytes bytes = ResponseBytes.ofBody(again.body().getBytes(StandardCharsets.UTF_8));
        assertThat(bytes.receipt().receipt().output()).isEqualTo(bytes.output());
    }

    @Test
    void givesAStreamedResponseAsItsLastEventHadIt() throws Exception {
        HttpResponse<String> stream = responses.post(ResponseClient.request("hi").put("stream", true));
        JsonNode last = ResponseClient.events(stream.body()).getLast().get("response");

        HttpResponse<String> again = responses.get(last);

        assertThat(Client.JSON.readTree(again.body())).isEqualTo(last);
        assertThat(again.headers().firstValue("Candor-Receipt-Id")).isEqualTo(stream.headers().firstValue("Candor-Receipt-Id"));
    }

    @Test
    void goesOnWithTheConversationButNotWithItsInstructions() throws Exception {
        ObjectNode first = responses.made(ResponseClient.request("one").put("instructions", "be kind"));
        ObjectNode second = responses.made(ResponseClient.after(first, "two"));
        ObjectNode third = responses.made(ResponseClient.after(second, "three"));

        assertThat(first.at("/usage/input_tokens").asInt()).isEqualTo("system:be kinduser:one".length());
        assertThat(second.at("/usage/input_tokens").asInt()).isEqualTo("user:oneassistant:oneuser:two".length());
        assertThat(third.at("/usage/input_tokens").asInt()).isEqualTo("user:oneassistant:oneuser:twoassistant:twouser:three".length());
        assertThat(second.path("previous_response_id")).isEqualTo(first.path("id"));
        assertThat(second.get("instructions").isNull()).isTrue();
        assertThat(third.at("/output/0/content/0/text").asText()).isEqualTo("three");
        ObjectNode fork = responses.made(ResponseClient.after(first, "other"));
        assertThat(fork.at("/usage/input_tokens").asInt()).isEqualTo("user:oneassistant:oneuser:other".length());
    }

    @Test
    void goesOnAfterACall() throws Exception {
        ObjectNode ask = ResponseClient.request(EchoEngine.SAY + "<tool_call>{\"name\": \"now\", \"arguments\": {}}</tool_call>");
        ask.putArray("tools").addObject().put("type", "function").put("name", "now");
        JsonNode called = responses.made(ask);
        String call = called.at("/output/0/call_id").asText();
        ObjectNode next = ResponseClient.after(called, "");
        ArrayNode input = next.putArray("input");
        input.addObject().put("type", "function_call_output").put("call_id", call).put("output", "noon");
        input.addObject().put("role", "user").put("content", EchoEngine.SAY + "thanks");

        assertThat(responses.made(next).at("/output/0/content/0/text").asText()).isEqualTo("thanks");

        ((ObjectNode) input.get(0)).put("call_id", "call_none");
        assertThat(responses.post(next).statusCode()).isEqualTo(400);
    }

    @Test
    void canBeContinuedAsSoonAsItsLastEventHasCome() throws Exception {
        for (int i = 0; i < 5; i++) {
            JsonNode last = ResponseClient.events(responses.post(ResponseClient.request("hi").put("stream", true)).body()).getLast().get("response");
            assertThat(responses.post(ResponseClient.after(last, "on")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refersToItems() throws Exception {
        JsonNode first = responses.made(ResponseClient.request("one"));
        JsonNode items = Client.JSON.readTree(client.get(ResponseClient.PATH + "/" + first.path("id").asText() + "/input_items").body());
        ObjectNode next = ResponseClient.request("");
        ArrayNode input = next.putArray("input");
        input.addObject().put("type", "item_reference").put("id", items.at("/data/0/id").asText());
        input.addObject().put("id", first.at("/output/0/id").asText());
        input.addObject().put("role", "user").put("content", "two");

        assertThat(responses.made(next).at("/usage/input_tokens").asInt()).isEqualTo("user:oneassistant:oneuser:two".length());

        ((ObjectNode) input.get(1)).put("id", "msg_none");
        HttpResponse<String> refused = responses.post(next);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Client.JSON.readTree(refused.body()).at("/error/param").asText()).isEqualTo("input[1].id");
    }

    @Test
    void listsTheItemsOfARequest() throws Exception {
        ObjectNode request = ResponseClient.request("");
        ArrayNode input = request.putArray("input");
        input.addObject().put("role", "user").put("content", "a").put("type", "message").put("id", "msg_mine");
        input.addObject().put("role", "assistant").put("content", "b");
        input.addObject().put("role", "user").put("content", "c");
        String items = ResponseClient.PATH + "/" + responses.made(request).path("id").asText() + "/input_items";

        JsonNode list = Client.JSON.readTree(client.get(items + "?order=asc&limit=2").body());

        assertThat(list.path("object").asText()).isEqualTo("list");
        assertThat(list.path("data")).hasSize(2);
        assertThat(list.at("/data/0")).isEqualTo(Client.JSON.readTree("""
                {"type":"message","id":"msg_mine","status":"completed","role":"user","content":[{"type":"input_text","text":"a"}]}"""));
        assertThat(list.at("/data/1/content/0/type").asText()).isEqualTo("output_text");
        assertThat(list.path("has_more").asBoolean()).isTrue();
        assertThat(list.path("first_id").asText()).isEqualTo("msg_mine");
        JsonNode rest = Client.JSON.readTree(client.get(items + "?order=asc&after=" + list.path("last_id").asText()).body());
        assertThat(rest.path("data")).hasSize(1);
        assertThat(rest.path("has_more").asBoolean()).isFalse();
        assertThat(Client.JSON.readTree(client.get(items).body()).at("/data/0/content/0/text").asText()).isEqualTo("c");
        assertThat(Client.code(client.get(items + "?limit=0"))).isEqualTo("invalid_value");
        assertThat(Client.code(client.get(items + "?after=nope"))).isEqualTo("invalid_value");
    }

    @Test
    void deletes() throws Exception {
        JsonNode first = responses.made(ResponseClient.request("one"));
        JsonNode second = responses.made(ResponseClient.after(first, "two"));

        JsonNode deleted = Client.JSON.readTree(responses.delete(first).body());

        assertThat(deleted).isEqualTo(Client.JSON.createObjectNode().put("id", first.path("id").asText()).put("object", "response").put("deleted", true));
        assertThat(responses.get(first).statusCode()).isEqualTo(404);
        assertThat(responses.delete(first).statusCode()).isEqualTo(404);
        assertThat(responses.get(second).statusCode()).isEqualTo(200);
        HttpResponse<String> broken = responses.post(ResponseClient.after(second, "three"));
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(Client.code(broken)).isEqualTo("previous_response_not_found");
        assertThat(broken.body()).contains(first.path("id").asText());
    }

    @Test
    void keepsNothingOfAResponseThatIsNotToBeStored() throws Exception {
        JsonNode response = responses.made(ResponseClient.request("hi").put("store", false));

        assertThat(response.path("store").asBoolean()).isFalse();
        assertThat(responses.get(response).statusCode()).isEqualTo(404);
        HttpResponse<String> refused = responses.post(ResponseClient.after(response, "on"));
        assertThat(Client.code(refused)).isEqualTo("previous_response_not_found");
        assertThat(Client.JSON.readTree(refused.body()).at("/error/param").asText()).isEqualTo("previous_response_id");
    }

    @Test
    void forgetsResponsesInTime() throws Exception {
        JsonNode first = responses.made(ResponseClient.request("one"));
        clock.advance(ResponseStore.LIFETIME.minusMinutes(1));
        JsonNode second = responses.made(ResponseClient.after(first, "two"));
        clock.advance(Duration.ofMinutes(2));
        assertThat(responses.get(first).statusCode()).as("kept on because it was continued").isEqualTo(200);

        clock.advance(ResponseStore.LIFETIME);

        assertThat(responses.get(first).statusCode()).isEqualTo(404);
        assertThat(Client.code(responses.post(ResponseClient.after(second, "three")))).isEqualTo("previous_response_not_found");
    }

    @Test
    void givesTheResponsesOfAKeyToNobodyElse() throws Exception {
        String alice = key("alice");
        String bob = key("bob");
        JsonNode response = responses.made(ResponseClient.request("secret plan"), "Authorization", alice);

        assertThat(responses.get(response, "Authorization", alice).statusCode()).isEqualTo(200);
        for (String[] other : List.of(new String[] {"Authorization", bob}, new String[0])) {
            HttpResponse<String> got = responses.get(response, other);
            assertThat(got.statusCode()).isEqualTo(404);
            assertThat(got.body()).isEqualTo(client.get(ResponseClient.PATH + "/resp_none", other).body().replace("resp_none", response.path("id").asText()));
            assertThat(client.get(ResponseClient.PATH + "/" + response.path("id").asText() + "/input_items", other).statusCode()).isEqualTo(404);
            assertThat(responses.delete(response, other).statusCode()).isEqualTo(404);
            assertThat(Client.code(responses.post(ResponseClient.after(response, "tell me"), other))).isEqualTo("previous_response_not_found");
            ObjectNode reference = ResponseClient.request("");
            reference.putArray("input").addObject().put("id", response.at("/output/0/id").asText());
            assertThat(responses.post(reference, other).statusCode()).isEqualTo(400);
        }
        assertThat(responses.get(response, "Authorization", alice).statusCode()).isEqualTo(200);
        assertThat(responses.delete(response, "Authorization", alice).statusCode()).isEqualTo(200);
    }

    private String key(String name) throws Exception {
        ApiSecret secret = ApiSecret.draw(new SecureRandom());
        new ApiKeyFile(node.home.resolve("api-keys")).change(keys -> keys.add(
                new ApiKey(name, secret.digest(), clock.instant(), Optional.empty(), OptionalInt.empty(), OptionalInt.empty())));
        return "Bearer " + secret.text();
    }

    @Test
    void refusesToCancelWhatHasEnded() throws Exception {
        JsonNode response = responses.made(ResponseClient.request("hi"));
        String path = ResponseClient.PATH + "/" + response.path("id").asText();

        HttpResponse<String> cancelled = client.call("POST", path + "/cancel");
        assertThat(cancelled.statusCode()).isEqualTo(400);
        assertThat(cancelled.body()).contains("background");
        assertThat(client.call("POST", ResponseClient.PATH + "/resp_none/cancel").statusCode()).isEqualTo(404);
        assertThat(client.get(path + "?include[]=message.output_text.logprobs").statusCode()).isEqualTo(200);
    }

    @Test
    void tellsTheEventsAgain() throws Exception {
        ObjectNode request = ResponseClient.request(EchoEngine.SAY + "<think>hm</think>So. <tool_call>{\"name\": \"now\", \"arguments\": {}}</tool_call>");
        request.putArray("tools").addObject().put("type", "function").put("name", "now");
        request.putArray("include").add("message.output_text.logprobs");
        for (boolean stream : List.of(false, true)) {
            HttpResponse<String> made = responses.post(request.deepCopy().put("stream", stream));
            JsonNode response = stream ? ResponseClient.events(made.body()).getLast().get("response") : Client.JSON.readTree(made.body());
            String path = ResponseClient.PATH + "/" + response.path("id").asText() + "?stream=true";

            HttpResponse<String> again = client.get(path);

            assertThat(again.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
            assertThat(again.body()).endsWith("data: [DONE]\n\n").doesNotContain("candor-receipt", "\"candor\":");
            List<JsonNode> events = ResponseClient.events(again.body());
            assertThat(events.getLast().get("response")).isEqualTo(((ObjectNode) response).without("candor"));
            assertThat(events.get(events.size() - 2).get("item")).isEqualTo(response.at("/output/2"));
            if (stream) {
                assertThat(withoutDeltas(events)).isEqualTo(withoutDeltas(ResponseClient.events(made.body())));
            }
            assertThat(ResponseClient.events(client.get(path + "&starting_after=4").body())).isEqualTo(events.subList(5, events.size()));
            assertThat(Client.code(client.get(path + "&starting_after=x"))).isEqualTo("invalid_type");
        }
    }

    /** A stream and its retelling differ in nothing else. */
    private static List<JsonNode> withoutDeltas(List<JsonNode> events) {
        return events.stream()
                .filter(event -> !event.path("type").asText().endsWith(".delta"))
                .<JsonNode>map(event -> ((ObjectNode) event.deepCopy()).without("sequence_number"))
                .toList();
    }

    @Test
    void saysWhichMethodsAPathHas() throws Exception {
        HttpResponse<String> put = client.call("PUT", ResponseClient.PATH + "/resp_1");
        HttpResponse<String> get = client.get(ResponseClient.PATH);

        assertThat(put.statusCode()).isEqualTo(405);
        assertThat(put.headers().firstValue("allow").orElse("")).contains("GET", "DELETE");
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("allow").orElse("")).contains("POST");
    }
}
