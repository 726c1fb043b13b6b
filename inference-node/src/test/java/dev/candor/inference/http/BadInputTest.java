package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.hub.manifest.EncoderTask;
import dev.candor.hub.testing.MutatedBytes;
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.encoder.BatchingEncoder;
import dev.candor.inference.engine.encoder.EncoderInput;
import dev.candor.inference.engine.encoder.EncoderOptions;
import dev.candor.inference.engine.encoder.EncoderRunner;
import dev.candor.inference.engine.schedule.BatchingEngine;
import dev.candor.inference.engine.testing.ScriptedRunner;
import dev.candor.inference.openai.PromptRenderer;
import dev.candor.inference.structured.UnsupportedGrammarException;
import dev.candor.inference.testing.CharTokenizer;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.ForwardingEncoderRunner;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.ToyEncoders;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong with a request is said to its sender, and who is served beside it never notices. */
@Timeout(180)
class BadInputTest {
    private static final String MODEL = "candor/scripted@1";
    /** No letter of it makes the scripted model fail. */
    private static final String GOOD = "tell me of the sea, and of all that lives in it";
    private static final int TOKENS = 300;
    private static final int CONTEXT = 512;
    private static final int OWN_CONTEXT = 4 * CONTEXT;
    private static final int NO_END = 127;

    @TempDir
    private Path folder;

    private HttpFixture node;
    private Client client;
    private ScriptedRunner runner;
    private List<String> alone;

    @BeforeEach
    void start() throws Exception {
        node = new HttpFixture(folder, HttpFixture.Setup.free());
        runner = new ScriptedRunner(new ScriptedRunner.Shape(4, 3, CONTEXT, false, 1, Integer.MAX_VALUE));
        BatchingEngine engine = BatchingEngine.start(runner, new CharTokenizer(), List.of(NO_END), new EngineOptions(8, 256, Duration.ofSeconds(30)));
        node.models.add(new ChatModel(new ModelBinding(MODEL, Digest.sha256(new byte[] {2})), Instant.EPOCH, new PromptRenderer(variables -> {
            StringBuilder prompt = new StringBuilder();
            variables.get("messages").forEach(message -> prompt.append(message.get("content").asText()));
            return prompt.toString();
        }, Map.of(), new CharTokenizer()), new CharTokenizer(), grammar -> {
            throw new UnsupportedGrammarException("", "format", "is not for this model");
        }, engine, OWN_CONTEXT, () -> {}));
        client = new Client(node.url());
        alone = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            alone.add(text(send("/v1/chat/completions", good(i)).join()));
        }
    }

    @AfterEach
    void stop() throws Exception {
        runner.release();
        client.close();
        node.close();
        node.models.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "tell me whY, and do so at length: y | model_failed",
        "a request that breaks a run: x      | model_failed",
    })
    void aRequestThatTheModelCannotComputeFailsAlone(String content, String code) throws Exception {
        List<CompletableFuture<HttpResponse<String>>> beside = beside();
        CompletableFuture<HttpResponse<String>> bad = send("/v1/chat/completions", chat(content, 40));
        runner.release();

        assertThat(bad.join().statusCode()).isEqualTo(500);
        assertThat(Client.code(bad.join())).isEqualTo(code);
        assertThat(bad.join().body()).contains("The model failed on this request, and nothing was charged").doesNotContain("poisoned", "Exception");
        assertUndisturbed(beside);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "max_tokens         | 0                      | must be between 1 and 2147483647, got 0",
        "max_tokens         | -1                     | must be between 1 and 2147483647, got -1",
        "max_tokens         | 9007199254740991       | must be between 1 and 2147483647",
        "max_tokens         | 1.5                    | must be an integer, got a number with a fraction",
        "max_tokens         | 'many'                 | must be an integer, got a string",
        "min_tokens         | -1                     | must be between 0 and",
        "temperature        | -0.1                   | must be between 0.0 and 2.0, got -0.1",
        "temperature        | 1e308                  | must be between 0.0 and 2.0",
        "top_p              | -0.1                   | must be between",
        "top_p              | 1.01                   | must be between",
        "top_k              | -2                     | must be between -1 and",
        "min_p              | 2                      | must be between 0.0 and 1.0",
        "repetition_penalty | 0                      | must be between",
        "frequency_penalty  | -3                     | must be between -2.0 and 2.0",
        "presence_penalty   | 3                      | must be between -2.0 and 2.0",
        "seed               | 1.5                    | must be an integer",
        "stop               | ['']                   | may hold only strings of 1 to",
        "stop               | ['1','2','3','4','5']  | may have at most 4 strings, got 5",
        "n                  | 1000000                | must be between 1 and 128",
        "messages           | []                     | ",
        "messages           | 'hello'                | ",
    })
    void aParameterThatIsAbsurdIsNamedWithItsBounds(String name, String value, String message) throws Exception {
        List<CompletableFuture<HttpResponse<String>>> beside = beside();
        ObjectNode body = chat(GOOD, 5);
        body.set(name, Client.JSON.readTree(value.replace('\'', '"')));
        HttpResponse<String> refused = send("/v1/chat/completions", body).join();

        assertThat(beside).noneMatch(CompletableFuture::isDone);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        JsonNode error = Client.JSON.readTree(refused.body()).path("error");
        assertThat(error.path("param").asText()).isEqualTo(name);
        assertThat(error.path("message").asText()).contains("'" + name + "'").contains(message == null ? "" : message);
        runner.release();
        assertUndisturbed(beside);
    }

    @Test
    void aPromptThatIsEmptyOrPastTheContextIsRefusedWithItsLength() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> beside = beside();
        HttpResponse<String> empty = send("/v1/chat/completions", chat("", 5)).join();
        HttpResponse<String> full = send("/v1/chat/completions", chat("a".repeat(CONTEXT), 5)).join();
        HttpResponse<String> text = send("/v1/completions", Client.JSON.createObjectNode().put("model", MODEL).put("prompt", "a".repeat(CONTEXT))).join();
        HttpResponse<String> beyond = send("/v1/chat/completions", chat("a".repeat(60_000), 5)).join();

        assertThat(beside).noneMatch(CompletableFuture::isDone);
        assertThat(empty.statusCode()).isEqualTo(400);
        assertThat(empty.body()).contains("'messages' give an empty prompt");
        assertThat(Client.code(full)).isEqualTo("context_length_exceeded");
        assertThat(full.body()).contains("maximum context length is " + CONTEXT + " tokens here (" + OWN_CONTEXT
                + " by itself; the node's operator may allow more by --context or --kv-memory), but 'messages' take " + CONTEXT + ": shorten them");
        assertThat(text.body()).contains("by --context or --kv-memory), but a prompt takes " + CONTEXT + ": shorten it");
        assertThat(Client.code(beyond)).isEqualTo("context_length_exceeded");
        runner.release();
        assertUndisturbed(beside);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "/v1/chat/completions | {'messages':[{'role':'user','content':'hi'}],'n':2,'stream':true,'logprobs':true,'top_logprobs':2,'logit_bias':{'97':1}}",
        "/v1/chat/completions | {'messages':[{'role':'user','content':'hi'}],'response_format':{'type':'json_schema','json_schema':"
                + "{'name':'a','strict':true,'schema':{'type':'object','properties':{'b':{'enum':[1,2]}},'required':['b']}}}}",
        "/v1/chat/completions | {'messages':[{'role':'user','content':'hi'},{'role':'assistant','tool_calls':[{'id':'c','type':'function',"
                + "'function':{'name':'f','arguments':'{}'}}]},{'role':'tool','tool_call_id':'c','content':'1'}],"
                + "'tools':[{'type':'function','function':{'name':'f','parameters':{'type':'object'}}}],'tool_choice':'auto'}",
        "/v1/completions | {'prompt':['ab',[97,98]],'n':1,'best_of':2,'echo':true,'logprobs':2,'guided_regex':'a+b*'}",
        "/v1/responses | {'input':[{'role':'user','content':[{'type':'input_text','text':'hi'}]}],'instructions':'be brief','store':false,"
                + "'tools':[{'type':'function','name':'f','parameters':{'type':'object'}}],'text':{'format':{'type':'json_object'}}}",
        "/tokenize | {'messages':[{'role':'user','content':'hi'}],'return_token_strs':true}",
        "/detokenize | {'tokens':[97,98]}",
        "/v1/responses/input_tokens | {'input':'hi'}",
    })
    void aMalformedRequestOfAnyRouteIsRefusedBesideAnswersThatItDoesNotDisturb(String path, String members) throws Exception {
        ObjectNode good = (ObjectNode) Client.JSON.readTree(members.replace('\'', '"'));
        good.put("model", MODEL);
        List<CompletableFuture<HttpResponse<String>>> beside = beside();
        List<CompletableFuture<HttpResponse<String>>> bad = new ArrayList<>();
        for (byte[] body : new MutatedBytes(good.toString().getBytes(StandardCharsets.UTF_8), 40, 7)) {
            bad.add(client.http().sendAsync(post(path, body), HttpResponse.BodyHandlers.ofString()));
        }
        runner.release();

        for (CompletableFuture<HttpResponse<String>> each : bad) {
            HttpResponse<String> answer = each.join();
            if (answer.statusCode() != 200) {
                assertThat(Client.code(answer)).as(answer.body()).isNotEmpty().isNotEqualTo("internal_error");
            }
        }
        assertThat(bad).anyMatch(each -> each.join().statusCode() == 400);
        assertUndisturbed(beside);
    }

    @Test
    void aTextWhoseVectorIsNoNumbersFailsAloneInTheSameBatch() throws Exception {
        ToyEncoders toys = new ToyEncoders(folder);
        EncoderModel toy = toys.served(EncoderTask.EMBEDDING);
        toy.engine().close();
        node.models.add(new EncoderModel(toy.binding(), toy.created(), toy.config(), toy.tokenizer(),
                BatchingEncoder.start(new NotNumbers(ToyEncoders.runner(toys.of(EncoderTask.EMBEDDING))), EncoderOptions.defaults())));
        ObjectNode good = Client.JSON.createObjectNode().put("model", "embedding").put("input", "abc").put("verification", "none");
        String vector = send("/v1/embeddings", good).join().body();
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(send("/v1/embeddings", i % 3 == 1 ? good.deepCopy().put("input", "q") : good));
        }

        for (int i = 0; i < all.size(); i++) {
            HttpResponse<String> answer = all.get(i).join();
            if (i % 3 == 1) {
                assertThat(answer.statusCode()).isEqualTo(500);
                assertThat(answer.body()).contains("the model gives values that are not numbers for this input");
            } else {
                assertThat(answer.body()).isEqualTo(vector);
            }
        }
        HttpResponse<String> none = send("/v1/embeddings", good.deepCopy().put("input", "")).join();
        assertThat(none.statusCode()).isEqualTo(400);
        assertThat(none.body()).contains("'input'");
    }

    /** Requests that are in the midst of their answers, and stay there until the runner is released. */
    private List<CompletableFuture<HttpResponse<String>>> beside() throws Exception {
        runner.holdAfter(60);
        List<CompletableFuture<HttpResponse<String>>> beside = new ArrayList<>();
        for (int i = 0; i < alone.size(); i++) {
            beside.add(send("/v1/chat/completions", good(i)));
        }
        runner.awaitHeld();
        return beside;
    }

    private void assertUndisturbed(List<CompletableFuture<HttpResponse<String>>> beside) throws Exception {
        for (int i = 0; i < alone.size(); i++) {
            assertThat(text(beside.get(i).join())).as(beside.get(i).join().body()).isEqualTo(alone.get(i)).hasSize(TOKENS);
        }
    }

    private static ObjectNode good(int which) {
        return chat(GOOD + which, TOKENS);
    }

    private static ObjectNode chat(String content, int tokens) {
        return Client.chat(content).put("model", MODEL).put("max_tokens", tokens).put("ignore_eos", true);
    }

    private static String text(HttpResponse<String> answer) throws Exception {
        return Client.JSON.readTree(answer.body()).at("/choices/0/message/content").asText();
    }

    private CompletableFuture<HttpResponse<String>> send(String path, ObjectNode body) {
        return client.http().sendAsync(post(path, body.toString().getBytes(StandardCharsets.UTF_8)), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest post(String path, byte[] body) {
        return HttpRequest.newBuilder(URI.create(node.url() + path))
                .timeout(Duration.ofSeconds(120))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    /** Gives no numbers for the text {@code q}. */
    private static final class NotNumbers extends ForwardingEncoderRunner {
        private static final int LETTER = new CharTokenizer().encode("q")[0] % 37 + 3;

        NotNumbers(EncoderRunner runner) {
            super(runner);
        }

        @Override
        public List<float[]> run(List<EncoderInput> batch) throws ModelException {
            List<float[]> vectors = new ArrayList<>(super.run(batch));
            for (int i = 0; i < batch.size(); i++) {
                if (batch.get(i).length() == 3 && batch.get(i).tokens()[1] == LETTER) {
                    vectors.set(i, new float[] {Float.NaN});
                }
            }
            return vectors;
        }
    }
}
