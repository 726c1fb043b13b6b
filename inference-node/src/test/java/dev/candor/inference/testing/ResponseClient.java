package dev.candor.inference.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** Asks {@code /v1/responses}. */
public record ResponseClient(Client client) {
    public static final String PATH = "/v1/responses";

    /** A request with one message of the user, greedy, with a fixed seed. */
    public static ObjectNode request(String input) {
        return Client.JSON.createObjectNode().put("model", HttpFixture.MODEL).put("seed", 7).put("temperature", 0).put("input", input);
    }

    /** A request that goes on. */
    public static ObjectNode after(JsonNode response, String input) {
        return request(input).put("previous_response_id", response.path("id").asText());
    }

    public HttpResponse<String> post(JsonNode body, String... headers) throws Exception {
        return client.postTo(PATH, body, headers);
    }

    /** The response to a request that must succeed. */
    public ObjectNode made(JsonNode body, String... headers) throws Exception {
        HttpResponse<String> answer = post(body, headers);
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        return (ObjectNode) Client.JSON.readTree(answer.body());
    }

    public HttpResponse<String> get(JsonNode response, String... headers) throws Exception {
        return client.get(PATH + "/" + response.path("id").asText(), headers);
    }

    public HttpResponse<String> delete(JsonNode response, String... headers) throws Exception {
        return client.call("DELETE", PATH + "/" + response.path("id").asText(), headers);
    }

    /** The data of a stream's events; each must have the type of its line {@code event}. */
    public static List<JsonNode> events(String stream) throws Exception {
        List<JsonNode> events = new ArrayList<>();
        String type = "";
        for (String line : stream.split("\n")) {
            if (line.startsWith("event: ")) {
                type = line.substring("event: ".length());
            } else if (line.startsWith("data: {")) {
                JsonNode event = Client.JSON.readTree(line.substring("data: ".length()));
                if (!event.path("type").asText().equals(type)) {
                    throw new AssertionError("the event line says " + type + ": " + line);
                }
                events.add(event);
            }
        }
        return events;
    }
}
