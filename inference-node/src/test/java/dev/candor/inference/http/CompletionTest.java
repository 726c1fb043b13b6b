package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptChecks;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.EchoEngine;
import dev.candor.inference.testing.HttpFixture;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTest extends ServedNode {
    private static final String PATH = "/v1/completions";

    @Override
    HttpFixture.Setup setup() {
        return HttpFixture.Setup.free();
    }

    @Test
    void answersInTheShapeOfOpenAi() throws Exception {
        HttpResponse<String> answer = post(completion("say:hello"));

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode body = Client.JSON.readTree(answer.body());
        assertThat(body.path("id").asText()).startsWith("cmpl-");
        assertThat(body.path("object").asText()).isEqualTo("text_completion");
        assertThat(body.path("model").asText()).isEqualTo(HttpFixture.MODEL);
        assertThat(body.path("choices")).hasSize(1);
        JsonNode choice = body.at("/choices/0");
        assertThat(choice.path("text").asText()).isEqualTo("hello");
        assertThat(choice.path("index").asInt()).isZero();
        assertThat(choice.get("logprobs").isNull()).isTrue();
        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
        assertThat(body.path("completion").asText()).as("where the seed system's SDK looks").isEqualTo("hello");
        assertThat(body.at("/usage/prompt_tokens").asInt()).isEqualTo(9);
        assertThat(body.at("/usage/completion_tokens").asInt()).isEqualTo(6);
        assertThat(body.at("/usage/total_tokens").asInt()).isEqualTo(15);
    }

    @Test
    void continuesTextsTokensAndSeveralOfThem() throws Exception {
        assertThat(texts(post(completion("say:a word"))).getFirst()).isEqualTo("a word");
        ObjectNode tokens = completion("");
        tokens.putArray("prompt").add((int) ':').add((int) 'o').add((int) 'k');
        assertThat(texts(post(tokens))).containsExactly("ok");
        ObjectNode several = completion("").put("n", 2);
        several.putArray("prompt").add("x:one").add("x:two");
        HttpResponse<String> answer = post(several);
        assertThat(texts(answer)).containsExactly("one", "one", "two", "two");
        assertThat(Client.JSON.readTree(answer.body()).at("/usage/prompt_tokens").asInt()).as("each prompt once").isEqualTo(10);
        assertThat(Client.JSON.readTree(answer.body()).at("/usage/completion_tokens").asInt()).isEqualTo(16);
        ObjectNode lists = completion("");
        lists.putArray("prompt").add(Client.JSON.createArrayNode().add((int) 'a')).add(Client.JSON.createArrayNode().add((int) 'b'));
        assertThat(texts(post(lists))).containsExactly("a", "b");
    }

    @Test
    void generatesSixteenTokensUnlessAskedForMoreOrLess() throws Exception {
        String text = "x".repeat(40);
        assertThat(texts(post(completion("say:" + text))).getFirst()).hasSize(16);
        assertThat(texts(post(completion("say:" + text).put("max_tokens", 30))).getFirst()).hasSize(30);
        JsonNode one = Client.JSON.readTree(post(completion("say:" + text).put("max_tokens", 1)).body());
        assertThat(one.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        String long4095 = "y".repeat(4094) + ":";
        assertThat(texts(post(completion(long4095).put("max_tokens", 30))).getFirst()).as("one token is left of the context").hasSize(1);
    }

    @Test
    void echoesThePromptAndGeneratesNothingIfAskedForNothing() throws Exception {
        assertThat(texts(post(completion("say:hi").put("echo", true)))).containsExactly("say:hihi");
        HttpResponse<String> bare = post(completion("say:hi").put("echo", true).put("max_tokens", 0).put("n", 2));

        assertThat(texts(bare)).containsExactly("say:hi", "say:hi");
        JsonNode body = Client.JSON.readTree(bare.body());
        assertThat(body.at("/usage/completion_tokens").asInt()).isZero();
        assertThat(body.at("/choices/1/finish_reason").asText()).isEqualTo("length");
        verified(completion("say:hi").put("echo", true).put("max_tokens", 0).put("n", 2));
    }

    @Test
    void streamsTheChoicesSideBySideWithTheUsageAtTheEnd() throws Exception {
        ObjectNode request = completion("").put("stream", true).put("echo", true);
        request.putArray("prompt").add("x:one").add("x:three");
        request.putObject("stream_options").put("include_usage", true);
        HttpResponse<String> answer = post(request);

        assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
        assertThat(answer.body()).endsWith("\n\ndata: [DONE]\n\n");
        List<JsonNode> chunks = chunks(answer.body());
        assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.path("object").asText()).isEqualTo("text_completion"));
        assertThat(chunks.stream().map(chunk -> chunk.path("id").asText()).distinct()).hasSize(1);
        assertThat(text(chunks, 0)).isEqualTo("x:oneone");
        assertThat(text(chunks, 1)).isEqualTo("x:threethree");
        assertThat(chunks.getLast().path("choices")).isEmpty();
        assertThat(chunks.getLast().at("/usage/completion_tokens").asInt()).isEqualTo(10);
        assertThat(chunks.subList(0, chunks.size() - 1)).allSatisfy(chunk -> assertThat(chunk.get("usage").isNull()).isTrue());
        assertThat(chunks.stream().filter(chunk -> chunk.at("/choices/0/finish_reason").isTextual())).hasSize(2);
    }

    @Test
    void theReceiptHoldsForWholeAndStreamedAnswers() throws Exception {
        ObjectNode several = completion("").put("n", 2).put("user", "u").put("temperature", 0.5).put("max_tokens", 3).put("stop", "q");
        several.putArray("prompt").add("x:one").add("x:two");
        verified(several);
        verified(several.deepCopy().put("stream", true));
        verified(several.deepCopy().put("echo", true).put("n", 1));
    }

    private void verified(ObjectNode request) throws Exception {
        HttpResponse<String> answer = post(request, "Candor-Nonce", "00112233445566778899aabbccddeeff");
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        ResponseBytes response = request.path("stream").asBoolean() ? ResponseBytes.ofStream(bytes) : ResponseBytes.ofBody(bytes);
        Receipt receipt = response.receipt().receipt();
        byte[] sent = request.toString().getBytes(StandardCharsets.UTF_8);
        response.receipt().verifySignature(node.receiptKey.compressedPublicKey());
        ReceiptChecks.request(receipt, PATH, sent, Optional.of("00112233445566778899aabbccddeeff"));
        ReceiptChecks.output(receipt, sent, response);
        assertThat(answer.headers().firstValue("Candor-Receipt-Id")).contains(receipt.id().value());
    }

    @Test
    void namesTheMembersThatNothingIsMadeOf() throws Exception {
        HttpResponse<String> answer = post(completion("say:hi").put("surprise", 1));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Candor-Warning").orElseThrow()).contains("surprise");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'prompt':null                                   | prompt      | missing_required_parameter",
        "'prompt':5                                      | prompt      | invalid_type",
        "'prompt':[]                                     | prompt      | invalid_value",
        "'prompt':''                                     | prompt      | invalid_value",
        "'prompt':['a',5]                                | prompt[1]   | invalid_type",
        "'prompt':[5,'a']                                | prompt[1]   | invalid_type",
        "'prompt':[[5],[]]                               | prompt[1]   | invalid_value",
        "'prompt':[[5],[1.5]]                            | prompt[1][0] | invalid_type",
        "'prompt':[5,-1]                                 | prompt[1]   | invalid_value",
        "'prompt':[99999999999]                          | prompt[0]   | invalid_value",
        "'max_tokens':0                                  | max_tokens  | invalid_value",
        "'n':129                                         | n           | invalid_value",
        "'n':2,'best_of':1                               | best_of     | invalid_value",
        "'best_of':129                                   | best_of     | invalid_value",
        "'prompt':['a','b'],'n':65                       | n           | invalid_value",
        "'best_of':2,'stream':true                       | best_of     | invalid_value",
        "'best_of':2,'verification':'replay'             | best_of     | unsupported_parameter",
        "'logprobs':21                                   | logprobs    | invalid_value",
        "'logprobs':true                                 | logprobs    | invalid_type",
        "'logprobs':1,'echo':true                        | echo        | unsupported_parameter",
        "'echo':'yes'                                    | echo        | invalid_type",
        "'suffix':' end'                                 | suffix      | unsupported_parameter",
        "'suffix':5                                      | suffix      | invalid_type",
        "'prompt':[5],'suffix':' end'                    | suffix      | invalid_value",
        "'logit_bias':{'5':101}                          | logit_bias  | invalid_value",
        "'guided_regex':'a+'                             | guided_regex | unsupported_format",
        "'user':5                                        | user        | invalid_type",
        "'verification':'replay'                         | verification | unsupported_parameter",
    })
    void namesTheParameterAtFault(String members, String param, String code) throws Exception {
        ObjectNode body = completion("say:hi");
        body.setAll((ObjectNode) Client.JSON.readTree("{" + members.replace('\'', '"') + "}"));
        HttpResponse<String> refused = post(body);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        JsonNode error = Client.JSON.readTree(refused.body()).path("error");
        assertThat(error.path("param").asText()).as(refused.body()).isEqualTo(param);
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(texts(post(completion("say:hi")))).containsExactly("hi");
    }

    @Test
    void refusesAPromptThatDoesNotFitAndMoreAnswersThanTheNodeHolds() throws Exception {
        HttpResponse<String> tooLong = post(completion("x".repeat(4097)));
        HttpResponse<String> full = post(completion("x".repeat(4096)));
        HttpResponse<String> tooMany = post(completion("say:hi").put("n", 9));

        assertThat(Client.code(tooLong)).isEqualTo("context_length_exceeded");
        assertThat(Client.code(full)).isEqualTo("context_length_exceeded");
        assertThat(post(completion("x".repeat(4096)).put("max_tokens", 0).put("echo", true)).statusCode()).isEqualTo(200);
        assertThat(tooMany.statusCode()).isEqualTo(400);
        assertThat(tooMany.body()).contains("9 answers at once");
    }

    @Test
    void aFailureBeforeTheFirstTokenIsAnOrdinaryErrorAndOneLaterIsToldInTheStream() throws Exception {
        HttpResponse<String> whole = post(completion("say:" + EchoEngine.POISON));
        HttpResponse<String> early = post(completion("say:" + EchoEngine.POISON).put("stream", true));
        HttpResponse<String> late = post(completion("say:ab" + EchoEngine.POISON).put("stream", true));

        assertThat(whole.statusCode()).isEqualTo(500);
        assertThat(early.statusCode()).isEqualTo(500);
        assertThat(late.statusCode()).isEqualTo(200);
        assertThat(late.body()).contains("\"error\"").doesNotContain("[DONE]", "secret");
    }

    private ObjectNode completion(String prompt) {
        return Client.JSON.createObjectNode().put("model", HttpFixture.MODEL).put("prompt", prompt).put("seed", 7).put("temperature", 0);
    }

    private HttpResponse<String> post(ObjectNode body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url() + PATH))
                .timeout(Duration.ofSeconds(60))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        return client.send((headers.length == 0 ? request : request.headers(headers)).build());
    }

    private static List<String> texts(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return StreamSupport.stream(Client.JSON.readTree(answer.body()).path("choices").spliterator(), false)
                .map(choice -> choice.path("text").asText()).toList();
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

    private static String text(List<JsonNode> chunks, int index) {
        StringBuilder text = new StringBuilder();
        chunks.stream().flatMap(chunk -> StreamSupport.stream(chunk.path("choices").spliterator(), false))
                .filter(choice -> choice.path("index").asInt() == index)
                .forEach(choice -> text.append(choice.path("text").asText()));
        return text.toString();
    }
}
