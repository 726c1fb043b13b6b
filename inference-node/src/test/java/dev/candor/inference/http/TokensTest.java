package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node whose model has a price: tokens are told without one. Its tokenizer has a token for each code point. */
class TokensTest {
    @TempDir
    static Path home;

    private static HttpFixture node;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        node = new HttpFixture(home, HttpFixture.Setup.paying());
        client = new Client(node.url());
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        node.close();
    }

    @Test
    void tellsTheTokensOfATextAndTheTextOfTokens() throws Exception {
        JsonNode tokens = ok("/tokenize", "{'model':'echo','prompt':'aé\uD83D\uDE00'}");
        assertThat(tokens.path("count").asInt()).isEqualTo(3);
        assertThat(tokens.path("max_model_len").asInt()).isEqualTo(4096);
        assertThat(tokens.path("tokens").toString()).isEqualTo("[97,233,128512]");
        assertThat(tokens.path("token_strs").isNull()).isTrue();

        assertThat(ok("/tokenize", "{'model':'echo','prompt':'ab','return_token_strs':true,'add_special_tokens':false}").path("token_strs").toString())
                .isEqualTo("[\"a\",\"b\"]");
        assertThat(ok("/detokenize", "{'model':'echo','tokens':[97,233,128512]}").path("prompt").asText()).isEqualTo("aé\uD83D\uDE00");
        assertThat(ok("/detokenize", "{'model':'echo','tokens':[]}").path("prompt").asText()).isEmpty();
        assertThat(ok("/tokenize", "{'model':'echo','prompt':''}").path("count").asInt()).isZero();
    }

    @Test
    void tellsTheTokensOfAChatAsItsAnswerCountsThem() throws Exception {
        ObjectNode chat = Client.chat("How long is this?");
        int read = Client.JSON.readTree(answered(chat)).at("/usage/prompt_tokens").asInt();

        ObjectNode asked = Client.JSON.createObjectNode().put("model", HttpFixture.MODEL);
        asked.set("messages", chat.get("messages"));
        assertThat(ok("/tokenize", asked.toString()).path("count").asInt()).isEqualTo(read);
        JsonNode count = ok("/v1/chat/completions/input_tokens", chat.toString());
        assertThat(count.path("object").asText()).isEqualTo("response.input_tokens");
        assertThat(count.path("input_tokens").asInt()).isEqualTo(read);
        assertThat(ok("/v1/responses/input_tokens", "{'model':'echo','input':'How long is this?'}").path("input_tokens").asInt()).isEqualTo(read);
        assertThat(ok("/v1/responses/input_tokens", "{'model':'echo','input':'How long is this?','instructions':'x'}").path("input_tokens").asInt())
                .isEqualTo(read + "system:x".length());
    }

    /** A free node of the same model. */
    private static String answered(ObjectNode chat) throws Exception {
        try (HttpFixture free = new HttpFixture(home.resolve("free"), HttpFixture.Setup.free()); Client asking = new Client(free.url())) {
            return asking.post(chat).body();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "/tokenize|{'prompt':'a'}|400|missing_required_parameter|model",
        "/tokenize|{'model':'echo'}|400|missing_required_parameter|prompt",
        "/tokenize|{'model':'echo','prompt':['a']}|400|invalid_type|prompt",
        "/tokenize|{'model':'echo','prompt':'a','messages':[]}|400|invalid_value|messages",
        "/tokenize|{'model':'echo','messages':[]}|400|invalid_value|messages",
        "/tokenize|{'model':'echo','prompt':'a','add_special_tokens':1}|400|invalid_type|add_special_tokens",
        "/tokenize|{'model':'nobody','prompt':'a'}|404|model_not_found|model",
        "/detokenize|{'model':'echo'}|400|missing_required_parameter|tokens",
        "/detokenize|{'model':'echo','tokens':'ab'}|400|invalid_type|tokens",
        "/detokenize|{'model':'echo','tokens':[1,'a']}|400|invalid_type|tokens[1]",
        "/detokenize|{'model':'echo','tokens':[-1]}|400|invalid_value|tokens[0]",
        "/detokenize|{'model':'echo','tokens':[4294967296]}|400|invalid_value|tokens[0]",
        "/v1/chat/completions/input_tokens|{'model':'echo'}|400|missing_required_parameter|messages",
        "/v1/responses/input_tokens|{'model':'echo','input':[{'type':'message'}]}|400|missing_required_parameter|input[0].role"
    })
    void namesWhatIsWrongWithARequest(String path, String body, int status, String code, String param) throws Exception {
        HttpResponse<String> refused = post(path, body);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
        assertThat(Client.code(refused)).isEqualTo(code);
        assertThat(Client.JSON.readTree(refused.body()).at("/error/param").asText()).isEqualTo(param);
    }

    @Test
    void refusesTextsFarBeyondTheModelsContextWithoutCuttingThemUp() throws Exception {
        try (HttpFixture small = new HttpFixture(home.resolve("small"), new HttpFixture.Setup(
                false, 4, 4, 16, 64 * 1024, 1024 * 1024, Long.MAX_VALUE, java.time.Clock.systemUTC())); Client asking = new Client(small.url())) {
            String longer = "{'model':'echo','prompt':'" + "a".repeat(17) + "'}";
            HttpResponse<String> told = asking.send(request(small.url(), "/tokenize", longer));
            assertThat(Client.JSON.readTree(told.body()).path("count").asInt()).isEqualTo(17);
            HttpResponse<String> refused = asking.send(request(small.url(), "/tokenize", "{'model':'echo','prompt':'" + "a".repeat(16 * 64 + 1) + "'}"));
            assertThat(Client.code(refused)).isEqualTo("context_length_exceeded");
            assertThat(Client.JSON.readTree(refused.body()).at("/error/param").asText()).isEqualTo("prompt");
        }
    }

    private static JsonNode ok(String path, String body) throws Exception {
        HttpResponse<String> answer = post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Client.JSON.readTree(answer.body());
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(request(node.url(), path, body));
    }

    private static HttpRequest request(String url, String path, String body) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))).build();
    }
}
