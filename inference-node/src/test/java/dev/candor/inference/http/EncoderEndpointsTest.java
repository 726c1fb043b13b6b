package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptChecks;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.hub.manifest.EncoderTask;
import dev.candor.hub.testing.ToyBert;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.ToyEncoders;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncoderEndpointsTest {
    private static final String EMBEDDINGS = "/v1/embeddings";

    @TempDir
    private static Path folder;

    private static HttpFixture node;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        node = new HttpFixture(Files.createDirectory(folder.resolve("home")), HttpFixture.Setup.free());
        client = new Client(node.url());
        ToyEncoders toys = new ToyEncoders(folder);
        for (EncoderTask task : EncoderTask.values()) {
            node.services().models().add(toys.served(task));
        }
        node.prices.set("toy/rerank@1", HttpFixture.PRICE);
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        node.close();
        node.services().models().close();
    }

    @Test
    void embedsAStringStringsTokensAndArraysOfTokens() throws Exception {
        JsonNode one = ok(EMBEDDINGS, "{'model':'embedding','input':'ab','user':'me'}");
        JsonNode two = ok(EMBEDDINGS, "{'model':'toy/embedding@1','input':['zzzz','ab']}");
        int a = 3 + 'a' % 37;
        int b = 3 + 'b' % 37;
        JsonNode tokens = ok(EMBEDDINGS, "{'model':'toy/embedding','input':[1," + a + "," + b + ",2]}");
        JsonNode arrays = ok(EMBEDDINGS, "{'model':'embedding','input':[[1,5,2],[1," + a + "," + b + ",2]]}");

        assertThat(one.path("object").asText()).isEqualTo("list");
        assertThat(one.path("model").asText()).isEqualTo("toy/embedding@1");
        assertThat(one.at("/data/0/object").asText()).isEqualTo("embedding");
        assertThat(one.at("/data/0/embedding")).hasSize(ToyBert.WIDTH);
        assertThat(one.at("/usage/prompt_tokens").asInt()).isEqualTo(4).isEqualTo(one.at("/usage/total_tokens").asInt());
        assertThat(two.at("/usage/prompt_tokens").asInt()).isEqualTo(10);
        assertThat(two.at("/data/1/index").asInt()).isEqualTo(1);
        for (JsonNode same : new JsonNode[] {two.at("/data/1"), tokens.at("/data/0"), arrays.at("/data/1")}) {
            assertThat(same.path("embedding")).isEqualTo(one.at("/data/0/embedding"));
        }
    }

    @Test
    void givesTheSameFloatsInBase64AndShortensThemToLengthOne() throws Exception {
        JsonNode numbers = ok(EMBEDDINGS, "{'model':'embedding','input':'ab'}").at("/data/0/embedding");
        JsonNode base64 = ok(EMBEDDINGS, "{'model':'embedding','input':'ab','encoding_format':'base64'}").at("/data/0/embedding");
        JsonNode few = ok(EMBEDDINGS, "{'model':'embedding','input':'ab','dimensions':5}").at("/data/0/embedding");

        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64.asText())).order(ByteOrder.LITTLE_ENDIAN);
        double squares = 0;
        for (int i = 0; i < ToyBert.WIDTH; i++) {
            assertThat(bytes.getFloat()).isEqualTo((float) numbers.get(i).asDouble());
        }
        for (JsonNode each : few) {
            squares += each.asDouble() * each.asDouble();
        }
        assertThat(few).hasSize(5);
        assertThat(squares).isCloseTo(1, within(1e-6));
        assertThat(few.get(1).asDouble() / few.get(0).asDouble()).isCloseTo(numbers.get(1).asDouble() / numbers.get(0).asDouble(), within(1e-5));
    }

    @Test
    void takes2048InputsAndNotOneMore() throws Exception {
        String many = String.join(",", Collections.nCopies(2048, "'x'"));

        assertThat(ok(EMBEDDINGS, "{'model':'embedding','verification':'none','encoding_format':'base64','input':[" + many + "]}").path("data")).hasSize(2048);
        assertThat(error(EMBEDDINGS, "{'model':'embedding','input':[" + many + ",'x']}", 400).path("message").asText()).contains("2048");
    }

    @Test
    void cutsATextThatIsTooLongOnlyWhereItIsAskedTo() throws Exception {
        String text = "x".repeat(ToyBert.POSITIONS);
        JsonNode refused = error(EMBEDDINGS, "{'model':'embedding','input':['a','" + text + "']}", 400);

        assertThat(refused.path("code").asText()).isEqualTo("context_length_exceeded");
        assertThat(refused.path("param").asText()).isEqualTo("input[1]");
        assertThat(refused.path("message").asText()).contains("32 tokens").contains("34").contains("truncate_prompt_tokens");
        assertThat(error(EMBEDDINGS, "{'model':'embedding','input':'" + "x".repeat(5000) + "'}", 400).path("message").asText()).contains("5000 characters");
        JsonNode cut = ok(EMBEDDINGS, "{'model':'embedding','truncate_prompt_tokens':-1,'input':'" + "x".repeat(5000) + "'}");
        assertThat(cut.at("/usage/prompt_tokens").asInt()).isEqualTo(ToyBert.POSITIONS);
        JsonNode ten = ok(EMBEDDINGS, "{'model':'embedding','truncate_prompt_tokens':10,'input':'" + text + "'}");
        assertThat(ten.at("/data/0/embedding"))
                .isEqualTo(ok(EMBEDDINGS, "{'model':'embedding','input':'" + "x".repeat(8) + "'}").at("/data/0/embedding"));
    }

    @Test
    void classifiesTextsAndTheirTokens() throws Exception {
        JsonNode whole = ok("/v1/classify", "{'model':'classification','input':['abc','de']}");
        JsonNode first = whole.at("/data/0");
        double sum = 0;
        int best = 0;
        for (int i = 0; i < 3; i++) {
            sum += first.path("probs").get(i).asDouble();
            best = first.path("probs").get(i).asDouble() > first.path("probs").get(best).asDouble() ? i : best;
        }
        assertThat(whole.path("data")).hasSize(2);
        assertThat(sum).isCloseTo(1, within(1e-6));
        assertThat(first.path("label").asText()).isEqualTo(ToyEncoders.LABELS.get(best));
        assertThat(first.path("num_classes").asInt()).isEqualTo(3);

        JsonNode tokens = ok("/v1/classify", "{'model':'token-classification','input':'abc'}").at("/data/0/tokens");
        assertThat(tokens).hasSize(3);
        assertThat(tokens.get(1).path("start").asInt()).isEqualTo(1);
        assertThat(tokens.get(1).path("end").asInt()).isEqualTo(2);
        assertThat(ToyEncoders.LABELS).contains(tokens.get(1).path("label").asText());
        assertThat(tokens.get(1).path("score").asDouble()).isBetween(1 / 3.0, 1.0);
    }

    @Test
    void putsDocumentsInTheOrderOfTheirScoresForWhoPays() throws Exception {
        String body = "{'model':'rerank','query':'sea','documents':['a desert',{'text':'an ocean'},'the sea'],'top_n':2,'return_documents':true}";
        HttpResponse<String> asked = post("/v1/rerank", body);
        assertThat(asked.statusCode()).isEqualTo(402);
        HttpResponse<String> paid = post("/v1/rerank", body, "PAYMENT-SIGNATURE", client.pay(asked, node.scheme, Instant.now()));

        assertThat(paid.statusCode()).as(paid.body()).isEqualTo(200);
        JsonNode answer = Client.JSON.readTree(paid.body());
        assertThat(answer.path("results")).hasSize(2);
        assertThat(answer.at("/results/0/relevance_score").asDouble()).isBetween(answer.at("/results/1/relevance_score").asDouble(), 1.0);
        assertThat(answer.at("/results/0/document/text").asText()).isIn("a desert", "an ocean", "the sea");
        Receipt receipt = verified("/v1/rerank", body, paid.body());
        int tokens = answer.at("/usage/total_tokens").asInt();
        assertThat(receipt.payment().orElseThrow().charged().intValue()).isEqualTo(tokens * 1000);
        assertThat(receipt.payment().orElseThrow().cap()).isEqualTo(receipt.payment().orElseThrow().charged());
        assertThat(receipt.usage().promptTokens()).isEqualTo(tokens);
        assertThat(error("/v1/rerank", "{'model':'embedding','query':'q','documents':['d']}", 400).path("message").asText()).contains("/v1/embeddings");
    }

    @Test
    void theReceiptIsOfExactlyThisRequestAndAnswer() throws Exception {
        String body = "{'model':'embedding','input':['ab','c'],'dimensions':4}";
        String answer = post(EMBEDDINGS, body, "Candor-Nonce", "00112233445566778899aabbccddeeff").body();
        Receipt receipt = ResponseBytes.ofBody(utf8(answer)).receipt().receipt();
        Optional<String> nonce = Optional.of("00112233445566778899aabbccddeeff");

        ReceiptChecks.request(receipt, EMBEDDINGS, json(body), nonce);
        ReceiptChecks.output(receipt, json(body), ResponseBytes.ofBody(utf8(answer)));
        assertThat(receipt.output().tokens()).isEmpty();
        assertThat(receipt.runtime().determinismClass()).contains("bert-fusion-1");
        for (String other : new String[] {body.replace("'c'", "'d'"), body.replace("4", "5"), body.replace("'embedding'", "'toy/other'")}) {
            assertThatThrownBy(() -> ReceiptChecks.request(receipt, EMBEDDINGS, json(other), nonce)).isInstanceOf(ReceiptVerificationException.class);
        }
        assertThatThrownBy(() -> ReceiptChecks.request(receipt, "/v1/classify", json(body), nonce)).isInstanceOf(ReceiptVerificationException.class);
        JsonNode changed = Client.JSON.readTree(answer);
        ((ArrayNode) changed.at("/data/1/embedding")).set(3, Client.JSON.getNodeFactory().numberNode(0.125));
        assertThatThrownBy(() -> ReceiptChecks.output(receipt, json(body), ResponseBytes.ofBody(utf8(changed.toString()))))
                .isInstanceOf(ReceiptVerificationException.class);
        JsonNode swapped = Client.JSON.readTree(answer);
        ((ObjectNode) swapped).put("model", "toy/better@1");
        assertThatThrownBy(() -> ReceiptChecks.output(receipt, json(body), ResponseBytes.ofBody(utf8(swapped.toString()))))
                .isInstanceOf(ReceiptVerificationException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "/v1/embeddings | {'input':'x'}                                             | missing_required_parameter | model",
        "/v1/embeddings | {'model':'embedding'}                                     | missing_required_parameter | input",
        "/v1/embeddings | {'model':'embedding','input':''}                          | invalid_value              | input",
        "/v1/embeddings | {'model':'embedding','input':[]}                          | invalid_value              | input",
        "/v1/embeddings | {'model':'embedding','input':['a','']}                    | invalid_value              | input[1]",
        "/v1/embeddings | {'model':'embedding','input':['a',1]}                     | invalid_type               | input[1]",
        "/v1/embeddings | {'model':'embedding','input':[[]]}                        | invalid_value              | input[0]",
        "/v1/embeddings | {'model':'embedding','input':[1,'a']}                     | invalid_type               | input[1]",
        "/v1/embeddings | {'model':'embedding','input':[1,-1]}                      | invalid_value              | input[1]",
        "/v1/embeddings | {'model':'embedding','input':[40]}                        | invalid_value              | input",
        "/v1/embeddings | {'model':'embedding','input':{}}                          | invalid_type               | input",
        "/v1/embeddings | {'model':'embedding','input':'x','encoding_format':'hex'} | invalid_value              | encoding_format",
        "/v1/embeddings | {'model':'embedding','input':'x','dimensions':0}          | invalid_value              | dimensions",
        "/v1/embeddings | {'model':'embedding','input':'x','dimensions':17}         | invalid_value              | dimensions",
        "/v1/embeddings | {'model':'embedding','input':'x','truncate_prompt_tokens':0} | invalid_value           | truncate_prompt_tokens",
        "/v1/embeddings | {'model':'embedding','input':'x','truncate_prompt_tokens':1} | invalid_value           | truncate_prompt_tokens",
        "/v1/embeddings | {'model':'embedding','input':'x','verification':'zk'}     | invalid_value              | verification",
        "/v1/embeddings | {'model':'candor/echo','input':'x'}                       | model_not_supported        | model",
        "/v1/embeddings | {'model':'rerank','input':'x'}                            | model_not_supported        | model",
        "/v1/classify   | {'model':'embedding','input':'x'}                         | model_not_supported        | model",
        "/v1/rerank     | {'model':'rerank','documents':['x']}                      | missing_required_parameter | query",
        "/v1/rerank     | {'model':'rerank','query':'q'}                            | missing_required_parameter | documents",
        "/v1/rerank     | {'model':'rerank','query':'q','documents':[]}             | invalid_value              | documents",
        "/v1/rerank     | {'model':'rerank','query':'q','documents':[{}]}           | invalid_type               | documents[0].text",
        "/v1/rerank     | {'model':'rerank','query':'q','documents':['x'],'top_n':0} | invalid_value             | top_n",
    })
    void namesWhatIsWrongWithARequest(String path, String body, String code, String param) throws Exception {
        JsonNode error = error(path, body, 400);

        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("param").asText()).isEqualTo(param);
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
    }

    @Test
    void tellsOfItsModelsWhatTheyAreFor() throws Exception {
        JsonNode models = Client.JSON.readTree(client.get("/v1/models").body()).path("data");

        assertThat(models).hasSize(5);
        for (JsonNode model : models) {
            if (model.path("id").asText().equals("toy/token-classification@1")) {
                assertThat(model.at("/candor/task").asText()).isEqualTo("token-classification");
                assertThat(model.at("/candor/route").asText()).isEqualTo("/v1/classify");
                assertThat(model.path("context_length").asInt()).isEqualTo(ToyBert.POSITIONS);
            }
        }
    }

    private static Receipt verified(String path, String body, String answer) throws Exception {
        Receipt receipt = ResponseBytes.ofBody(utf8(answer)).receipt().receipt();
        ReceiptChecks.request(receipt, path, json(body), Optional.empty());
        ReceiptChecks.output(receipt, json(body), ResponseBytes.ofBody(utf8(answer)));
        ReceiptChecks.payment(receipt);
        return receipt;
    }

    private static JsonNode ok(String path, String body) throws Exception {
        HttpResponse<String> answer = post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Client.JSON.readTree(answer.body());
    }

    private static JsonNode error(String path, String body, int status) throws Exception {
        HttpResponse<String> answer = post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return Client.JSON.readTree(answer.body()).path("error");
    }

    private static HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url() + path))
                .timeout(Duration.ofSeconds(60))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json(body)));
        return client.send((headers.length == 0 ? request : request.headers(headers)).build());
    }

    private static byte[] json(String text) {
        return utf8(text.replace('\'', '"'));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
