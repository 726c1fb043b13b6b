package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIIoException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The official OpenAI client for Java with nothing changed but its base URL. */
@Timeout(300)
class OpenAiJavaClientTest {
    private static final String PROMPT = "Write one sentence about the ocean.";

    @TempDir
    private static Path folder;

    private static DemoNode node;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws Exception {
        node = new DemoNode(folder, true);
        client = OpenAIOkHttpClient.builder().baseUrl(node.url() + "/v1").apiKey("unused").maxRetries(0).build();
    }

    @AfterAll
    static void stop() {
        client.close();
        node.close();
    }

    @Test
    void chats() {
        ChatCompletion chat = client.chat().completions().create(chat(12).build());

        assertThat(chat.choices().getFirst().message().content().orElseThrow()).isNotBlank();
        assertThat(chat.choices().getFirst().finishReason()).isIn(ChatCompletion.Choice.FinishReason.LENGTH, ChatCompletion.Choice.FinishReason.STOP);
        assertThat(chat.usage().orElseThrow().completionTokens()).isBetween(1L, 12L);
        chat.validate();
    }

    @Test
    void streamsTheSameAnswerWithUsage() {
        ChatCompletion whole = client.chat().completions().create(chat(12).build());
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();

        ChatCompletionStreamOptions usage = ChatCompletionStreamOptions.builder().includeUsage(true).build();
        try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(chat(12).streamOptions(usage).build())) {
            stream.stream().forEach(accumulator::accumulate);
        }

        ChatCompletion streamed = accumulator.chatCompletion();
        assertThat(streamed.choices().getFirst().message().content()).isEqualTo(whole.choices().getFirst().message().content());
        assertThat(streamed.choices().getFirst().finishReason()).isEqualTo(whole.choices().getFirst().finishReason());
        assertThat(streamed.usage().orElseThrow().completionTokens()).isEqualTo(whole.usage().orElseThrow().completionTokens());
    }

    @Test
    void listsModelsAndFindsOneByAnIdWithASlash() {
        assertThat(client.models().list().items()).extracting(Model::id).contains(DemoNode.MODEL, DemoNode.ENCODER);
        assertThat(client.models().retrieve(DemoNode.MODEL).id()).isEqualTo(DemoNode.MODEL);
    }

    @Test
    void embedsAsFloatsAndAsBase64() {
        EmbeddingCreateParams.Builder asked = EmbeddingCreateParams.builder().model(DemoNode.ENCODER).input("The ocean is deep and blue.");

        CreateEmbeddingResponse packed = client.embeddings().create(asked.build());
        CreateEmbeddingResponse plain = client.embeddings().create(asked.encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT).build());

        List<Float> vector = plain.data().getFirst().embedding();
        assertThat(packed.data().getFirst().embedding()).hasSameSizeAs(vector).hasSize(384);
        for (int i = 0; i < vector.size(); i++) {
            assertThat(packed.data().getFirst().embedding().get(i)).isCloseTo(vector.get(i), within(1e-6f));
        }
    }

    @Test
    void throwsItsOwnExceptionsWithCodeAndParameter() {
        NotFoundException unknown = catchThrowableOfType(
                NotFoundException.class, () -> client.chat().completions().create(chat(4).model("no/such-model").build()));
        assertThat(unknown.code()).hasValue("model_not_found");
        assertThat(unknown.param()).hasValue("model");

        BadRequestException range = catchThrowableOfType(
                BadRequestException.class, () -> client.chat().completions().create(chat(4).temperature(9).build()));
        assertThat(range.param()).hasValue("temperature");

        BadRequestException type = catchThrowableOfType(
                BadRequestException.class,
                () -> client.chat().completions().create(chat(4).putAdditionalBodyProperty("top_p", JsonValue.from("hot")).build()));
        assertThat(type.code()).hasValue("invalid_type");
    }

    @Test
    void aClosedStreamFreesItsPlace() throws Exception {
        try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(endless().build())) {
            Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
            chunks.next();
            chunks.next();
        }
        node.awaitIdle(DemoNode.MODEL);
    }

    @Test
    void aRequestThatTakesTheClientTooLongFreesItsPlace() throws Exception {
        OpenAIClient hasty = client.withOptions(options -> options.timeout(Duration.ofMillis(300)));

        assertThat(catchThrowableOfType(OpenAIIoException.class, () -> hasty.chat().completions().create(endless().build()))).isNotNull();

        node.awaitIdle(DemoNode.MODEL);
    }

    private static ChatCompletionCreateParams.Builder chat(int tokens) {
        return ChatCompletionCreateParams.builder().model(DemoNode.MODEL).addUserMessage(PROMPT).maxCompletionTokens(tokens).temperature(0);
    }

    private static ChatCompletionCreateParams.Builder endless() {
        return chat(400).putAdditionalBodyProperty("ignore_eos", JsonValue.from(true));
    }
}
