package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.ScoringTask;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.MeddlingEngine;
import dev.candor.inference.testing.ToyChat;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Completions of a real model: their log probabilities, the best of several, and their replay. */
class ScoredCompletionTest {
    private static final String PATH = "/v1/completions";
    private static final String PROMPT = "the sea, and \u00e9t\u00e9";

    @TempDir
    private Path folder;

    private HttpFixture node;
    private Client client;
    private MeddlingEngine engine;

    @BeforeEach
    void start() throws Exception {
        node = new HttpFixture(folder.resolve("node"), HttpFixture.Setup.free());
        ChatModel toy = ToyChat.open(ToyChat.publish(folder.resolve("cache"), new ToyModels.Shape(2, 64, 4, 2, 128, 1024)));
        engine = (MeddlingEngine) toy.engine();
        node.models.add(toy);
        client = new Client(node.url());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        node.close();
        node.models.close();
    }

    @Test
    void tellsTheScoresOfWhatWasGenerated() throws Exception {
        JsonNode choice = post(completion().put("logprobs", 3)).at("/choices/0");
        JsonNode logprobs = choice.path("logprobs");

        assertThat(logprobs.path("tokens")).hasSize(12);
        assertThat(logprobs.path("token_logprobs")).hasSize(12).allSatisfy(value -> assertThat(value.asDouble()).isNegative());
        assertThat(logprobs.path("top_logprobs")).hasSize(12).allSatisfy(top -> assertThat(top.size()).isBetween(1, 4));
        for (int i = 0; i < 12; i++) {
            String token = logprobs.path("tokens").path(i).asText();
            assertThat(logprobs.path("top_logprobs").path(i).path(token).asDouble()).isEqualTo(logprobs.path("token_logprobs").path(i).asDouble());
        }
        assertOffsets(choice, 0);
    }

    @Test
    void tellsTheScoresOfAnEchoedPromptWhichAreThoseThatGenerationGives() throws Exception {
        JsonNode generated = post(completion().put("logprobs", 2).put("temperature", 0)).at("/choices/0");
        JsonNode echoed = post(completion().put("prompt", PROMPT).put("echo", true).put("logprobs", 2).put("temperature", 0)).at("/choices/0");
        int prompt = engineTokens(echoed) - 12;

        assertThat(echoed.path("text").asText()).isEqualTo(PROMPT + generated.path("text").asText());
        assertThat(echoed.at("/logprobs/token_logprobs").get(0).isNull()).isTrue();
        assertThat(echoed.at("/logprobs/top_logprobs").get(0).isNull()).isTrue();
        for (int i = 0; i < 12; i++) {
            assertThat(echoed.at("/logprobs/token_logprobs").get(prompt + i)).isEqualTo(generated.at("/logprobs/token_logprobs").get(i));
            assertThat(echoed.at("/logprobs/top_logprobs").get(prompt + i)).isEqualTo(generated.at("/logprobs/top_logprobs").get(i));
        }
        assertOffsets(echoed, 0);

        JsonNode onlyScored = post(completion().put("echo", true).put("logprobs", 2).put("max_tokens", 0));
        assertThat(onlyScored.at("/choices/0/text").asText()).isEqualTo(PROMPT);
        assertThat(onlyScored.at("/usage/completion_tokens").asInt()).isZero();
        for (int i = 0; i < prompt; i++) {
            assertThat(onlyScored.at("/choices/0/logprobs/token_logprobs").get(i)).isEqualTo(echoed.at("/logprobs/token_logprobs").get(i));
        }
        ObjectNode continued = completion().put("echo", true).put("logprobs", 0).put("max_tokens", 0);
        continued.put("prompt", echoed.path("text").asText());
        if (post(continued).at("/choices/0/logprobs/tokens").size() == prompt + 12) {
            double scored = post(continued).at("/choices/0/logprobs/token_logprobs").get(prompt + 5).asDouble();
            assertThat(scored).as("a prompt's token has the score it had when it was generated")
                    .isCloseTo(generated.at("/logprobs/token_logprobs").get(5).asDouble(), within(1e-6));
        }
    }

    @Test
    void aStreamTellsTheSameScores() throws Exception {
        ObjectNode request = completion().put("logprobs", 2).put("echo", true).put("n", 2);
        JsonNode whole = post(request);
        List<JsonNode> chunks = chunks(send(request.put("stream", true)).body());

        for (int index = 0; index < 2; index++) {
            StringBuilder text = new StringBuilder();
            List<JsonNode> scores = new ArrayList<>();
            List<Integer> offsets = new ArrayList<>();
            for (JsonNode chunk : chunks) {
                JsonNode choice = chunk.at("/choices/0");
                if (choice.path("index").asInt() == index) {
                    text.append(choice.path("text").asText());
                    choice.at("/logprobs/token_logprobs").forEach(scores::add);
                    choice.at("/logprobs/text_offset").forEach(offset -> offsets.add(offset.asInt()));
                }
            }
            JsonNode expected = whole.path("choices").path(index);
            assertThat(text.toString()).isEqualTo(expected.path("text").asText());
            assertThat(scores).containsExactlyElementsOf(list(expected.at("/logprobs/token_logprobs")));
            assertThat(offsets).containsExactlyElementsOf(list(expected.at("/logprobs/text_offset")).stream().map(JsonNode::asInt).toList());
        }
        assertThat(whole.at("/choices/0/text")).isNotEqualTo(whole.at("/choices/1/text"));
    }

    @Test
    void givesTheLikeliestOfSeveralAndCountsAll() throws Exception {
        JsonNode all = post(completion().put("n", 6).put("logprobs", 0));
        JsonNode best = post(completion().put("n", 2).put("best_of", 6).put("logprobs", 0));
        List<JsonNode> sorted = list(all.path("choices")).stream()
                .sorted((a, b) -> Double.compare(mean(b), mean(a))).toList();

        assertThat(best.path("choices")).hasSize(2);
        assertThat(best.at("/choices/0/text")).isEqualTo(sorted.get(0).path("text"));
        assertThat(best.at("/choices/1/text")).isEqualTo(sorted.get(1).path("text"));
        assertThat(best.at("/usage/completion_tokens").asInt()).isEqualTo(72);
        assertThat(post(completion().put("best_of", 3)).at("/choices/0/logprobs").isNull()).isTrue();
    }

    @Test
    void anAnswerOfTooManyScoresAndABiasOfNoTokenAreRefused() throws Exception {
        HttpResponse<String> many = send(completion().put("n", 100).put("max_tokens", 500).put("logprobs", 20));
        assertThat(many.statusCode()).isEqualTo(400);
        assertThat(many.body()).contains("1050000 log probabilities", "\"param\":\"logprobs\"");
        HttpResponse<String> outside = send(completion().put("prompt", "a").set("logit_bias", Client.JSON.createObjectNode().put("9999", 5)));

        assertThat(outside.statusCode()).isEqualTo(400);
        assertThat(outside.body()).contains("token 9999");
    }

    @Test
    void completionsOfSeveralPromptsCanBeReplayedAndALieIsFoundInItsChoice() throws Exception {
        ObjectNode request = completion().put("verification", "replay").put("n", 2).put("echo", true).put("stop", "qq").put("logprobs", 1);
        request.putArray("prompt").add("one day").add("another day");
        request.putObject("logit_bias").put("40", 4).put("41", -100);

        JsonNode honest = replay(request);
        assertThat(honest.at("/data/0/verdict").asText()).as(honest.toString()).isEqualTo("match");
        assertThat(honest.at("/data/0/answer_tokens").asInt()).isEqualTo(48);
        assertThat(replay(request.deepCopy().put("stream", true)).at("/data/0/verdict").asText()).isEqualTo("match");

        engine.lie();
        JsonNode caught = replay(request);
        assertThat(caught.at("/data/0/verdict").asText()).isEqualTo("mismatch");
        assertThat(caught.at("/data/0/choice").isInt()).isTrue();
        assertThat(caught.at("/data/0/detail").asText()).startsWith("choice ");
    }

    @Test
    void chatsOfSeveralChoicesWithABiasCanBeReplayed() throws Exception {
        ObjectNode request = ToyChat.request().put("n", 3);
        request.putObject("logit_bias").put("40", 4).put("41", 4.5);
        Path saved = ToyChat.ask(node.url(), "v1/chat/completions", request, folder.resolve("receipts"), Clock.systemUTC());
        JsonNode verdict = Client.JSON.readTree(send("/v1/replay", ToyChat.replay(saved)).body());

        assertThat(verdict.at("/data/0/verdict").asText()).as(verdict.toString()).isEqualTo("match");
        assertThat(verdict.at("/data/0/answer_tokens").asInt()).isEqualTo(90);
    }

    @Test
    void whatHasNoTokensOrIsTheBestOfSeveralCannotBeReplayed() throws Exception {
        for (ObjectNode request : List.of(completion().put("echo", true).put("max_tokens", 0), completion().put("best_of", 2))) {
            Path saved = ToyChat.ask(node.url(), "v1/completions", request, folder.resolve("receipts"), Clock.systemUTC());
            HttpResponse<String> refused = send("/v1/replay", ToyChat.replay(saved));

            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).containsAnyOf("no tokens", "best of several");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/completions", "/v1/chat/completions"})
    void aFormThatCannotEndInTimeIsRefusedWithBothNumbers(String path) throws Exception {
        ObjectNode asked = path.endsWith("chat/completions") ? ToyChat.request() : completion();
        asked.remove("min_tokens");
        HttpResponse<String> refused = send(path, asked.put("max_tokens", 2).put("guided_regex", "[0-9]{22}"));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Client.JSON.readTree(refused.body()).at("/error/param").asText()).isEqualTo("max_tokens");
        assertThat(refused.body()).containsPattern("The shortest answer of the form asked for may take \\d+ tokens, and this one may have 2: allow more");
    }

    @Test
    void answersOfAFormAndCallsOfToolsCanBeReplayed() throws Exception {
        ObjectNode formed = completion().put("verification", "replay").put("max_tokens", 60).put("guided_regex", "(yes|no), (sir|madam)[.!]");
        assertThat(replay(formed).at("/data/0/verdict").asText()).isEqualTo("match");

        ObjectNode called = ToyChat.request().put("n", 2).put("max_tokens", 120).put("tool_choice", "required");
        called.remove("min_tokens");
        called.putArray("tools").addObject().put("type", "function").putObject("function").put("name", "tide").putObject("parameters")
                .put("type", "object").put("additionalProperties", false).putObject("properties").putObject("port")
                .putArray("enum").add("Brest").add("Cork");
        for (boolean stream : List.of(false, true)) {
            Path saved = ToyChat.ask(
                    node.url(), "v1/chat/completions", called.put("stream", stream), folder.resolve("receipts"), Clock.systemUTC());
            JsonNode verdict = Client.JSON.readTree(send("/v1/replay", ToyChat.replay(saved)).body());
            byte[] response = Base64.getDecoder().decode(Client.JSON.readTree(saved.toFile()).at("/exchange/response").asText());
            assertThat(new String(response, StandardCharsets.UTF_8)).contains("\"tool_calls\":[");
            assertThat(verdict.at("/data/0/verdict").asText()).as(verdict.toString()).isEqualTo("match");
        }
    }

    @Test
    void aPromptThatIsNotScoredInTimeFailsTheRequestAndOneThatNobodyWaitsForIsGivenUp() throws Exception {
        engine.keepTranscripts(true);
        ObjectNode request = completion().put("echo", true).put("logprobs", 1);
        CompletableFuture<HttpResponse<String>> late = client.http().sendAsync(request(request), HttpResponse.BodyHandlers.ofString());
        kept(1).failed(new TimeoutException());
        assertThat(late.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(504);

        CompletableFuture<HttpResponse<String>> starved = client.http().sendAsync(request(request), HttpResponse.BodyHandlers.ofString());
        kept(2).failed(new EngineOverloadedException("no memory for it"));
        assertThat(starved.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
        assertThat(starved.get().body()).contains("no memory for it").contains("nothing was charged");

        CompletableFuture<HttpResponse<String>> left = client.http().sendAsync(request(request), HttpResponse.BodyHandlers.ofString());
        ScoringTask abandoned = kept(3);
        left.cancel(true);
        await(abandoned::cancelled);
        abandoned.finished();

        engine.keepTranscripts(false);
        assertThat(send(request).statusCode()).isEqualTo(200);
    }

    private ScoringTask kept(int count) {
        await(() -> engine.kept().size() == count);
        return engine.kept().getLast();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it came in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private JsonNode replay(ObjectNode request) throws Exception {
        Path saved = ToyChat.ask(node.url(), "v1/completions", request, folder.resolve("receipts"), Clock.systemUTC());
        HttpResponse<String> answer = send("/v1/replay", ToyChat.replay(saved));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Client.JSON.readTree(answer.body());
    }

    private static ObjectNode completion() {
        return Client.JSON.createObjectNode().put("model", ToyChat.NAME).put("prompt", PROMPT).put("seed", 7).put("temperature", 0.9)
                .put("max_tokens", 12).put("ignore_eos", true);
    }

    private static int engineTokens(JsonNode choice) {
        return choice.at("/logprobs/tokens").size();
    }

    private static double mean(JsonNode choice) {
        return list(choice.at("/logprobs/token_logprobs")).stream().mapToDouble(JsonNode::asDouble).average().orElseThrow();
    }

    /** Each token's text stands where its offset says. */
    private static void assertOffsets(JsonNode choice, int from) {
        String text = choice.path("text").asText();
        int last = from;
        for (int i = 0; i < choice.at("/logprobs/tokens").size(); i++) {
            int offset = choice.at("/logprobs/text_offset").get(i).asInt();
            String token = choice.at("/logprobs/tokens").get(i).asText();
            assertThat(offset).isBetween(last, text.codePointCount(0, text.length()));
            if (!token.startsWith("bytes:") && !token.startsWith("<")) {
                assertThat(text.substring(text.offsetByCodePoints(0, offset))).startsWith(token);
            }
            last = offset;
        }
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private JsonNode post(ObjectNode body) throws Exception {
        HttpResponse<String> answer = send(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Client.JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(JsonNode body) throws Exception {
        return send(PATH, body);
    }

    private HttpResponse<String> send(String path, JsonNode body) throws Exception {
        return client.send(request(path, body));
    }

    private HttpRequest request(JsonNode body) {
        return request(PATH, body);
    }

    private HttpRequest request(String path, JsonNode body) {
        return HttpRequest.newBuilder(URI.create(node.url() + path))
                .timeout(Duration.ofSeconds(60))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())).build();
    }

    private static List<JsonNode> chunks(String stream) throws Exception {
        List<JsonNode> chunks = new ArrayList<>();
        for (String line : stream.split("\n")) {
            if (line.startsWith("data: {")) {
                chunks.add(Client.JSON.readTree(line.substring("data: ".length())));
            }
        }
        return chunks;
    }
}
