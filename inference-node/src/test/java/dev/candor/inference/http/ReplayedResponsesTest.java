package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.ResponseClient;
import dev.candor.inference.testing.ToyChat;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Responses of a real model that are computed again. */
class ReplayedResponsesTest {
    @TempDir
    private Path folder;

    private HttpFixture node;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        node = new HttpFixture(folder.resolve("node"), HttpFixture.Setup.free());
        node.models.add(ToyChat.open(ToyChat.publish(folder.resolve("cache"), ToyModels.Shape.standard())));
        client = new Client(node.url());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        node.close();
        node.models.close();
    }

    private static ObjectNode request(String input) {
        return Client.JSON.createObjectNode().put("model", ToyChat.NAME).put("verification", "replay").put("temperature", 0.9).put("max_output_tokens", 20)
                .put("min_tokens", 5).put("ignore_eos", true).put("instructions", "be brief").put("input", input);
    }

    private HttpResponse<String> replayed(ObjectNode body) throws Exception {
        Path saved = ToyChat.ask(node.url(), "v1/responses", body, folder.resolve("receipts"), Clock.systemUTC());
        return client.postTo("/v1/replay", ToyChat.replay(saved));
    }

    private static String verdict(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode verdict = Client.JSON.readTree(answer.body()).at("/data/0");
        return verdict.path("verdict").asText() + (verdict.path("verdict").asText().equals("match") ? "" : verdict.path("detail").asText());
    }

    @Test
    void matchStreamedAndNotAndOfEveryForm() throws Exception {
        for (boolean stream : List.of(false, true)) {
            assertThat(verdict(replayed(request("tell me").put("stream", stream)))).isEqualTo("match");
            ObjectNode scored = request("tell me").put("stream", stream).put("top_logprobs", 1);
            scored.putArray("include").add("message.output_text.logprobs");
            assertThat(verdict(replayed(scored))).isEqualTo("match");
        }
        ObjectNode formed = request("tell me").put("max_output_tokens", 60);
        formed.remove(List.of("min_tokens", "ignore_eos"));
        ObjectNode schema = formed.putObject("text").putObject("format").put("type", "json_schema").put("name", "f").put("strict", true).putObject("schema");
        schema.put("type", "object").put("additionalProperties", false).putObject("properties").putObject("a").put("type", "boolean");
        schema.putArray("required").add("a");
        JsonNode made = new ResponseClient(client).made(formed);
        assertThat(Client.JSON.readTree(made.at("/output/0/content/0/text").asText()).path("a").isBoolean()).isTrue();
        assertThat(verdict(replayed(formed))).isEqualTo("match");
    }

    @Test
    void matchThoughTheOldestTurnsWereDropped() throws Exception {
        ObjectNode body = request("").put("truncation", "auto");
        ArrayNode input = body.putArray("input");
        for (int i = 0; i < 40; i++) {
            input.addObject().put("role", "user").put("content", "tell me something about number " + i);
            input.addObject().put("role", "assistant").put("content", "number " + i + " is a number");
        }
        input.addObject().put("role", "user").put("content", "and now?");
        assertThat(Client.code(client.postTo("/v1/responses", body.deepCopy().put("truncation", "disabled")))).isEqualTo("context_length_exceeded");

        assertThat(verdict(replayed(body))).isEqualTo("match");
    }

    @Test
    void cannotBeComparedIfTheyContinueAnother() throws Exception {
        ResponseClient responses = new ResponseClient(client);
        ObjectNode first = responses.made(request("one"));

        HttpResponse<String> refused = replayed(request("two").put("previous_response_id", first.path("id").asText()));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("cannot be compared").contains("previous_response_id");
    }
}
