package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIIoException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.chat.completions.StructuredChatCompletion;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputText;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.StructuredResponse;
import com.openai.models.responses.ToolChoiceOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The official OpenAI client for Java with nothing changed but its base URL. */
@Timeout(300)
class OpenAiJavaClientTest {
    private static final String QUESTION = "How is the weather in Paris?";
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

    @Test
    void givesSeveralChoicesWithLogProbabilities() {
        ChatCompletion chat = client.chat().completions().create(chat(8).n(2).temperature(1).logprobs(true).topLogprobs(2).build());

        assertThat(chat.choices()).extracting(ChatCompletion.Choice::index).containsExactly(0L, 1L);
        assertThat(chat.choices()).allSatisfy(choice -> assertThat(choice.logprobs().orElseThrow().content().orElseThrow())
                .isNotEmpty().allSatisfy(token -> assertThat(token.topLogprobs()).hasSize(2)));
    }

    @Test
    void callsAToolAndAnswersWithItsResult() {
        ChatCompletionCreateParams.Builder asked = weather().addTool(GetWeather.class);
        ChatCompletion first = client.chat().completions().create(asked.toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED).build());

        assertThat(first.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        ChatCompletionMessage message = first.choices().getFirst().message();
        ChatCompletionMessageFunctionToolCall call = message.toolCalls().orElseThrow().getFirst().asFunction();
        assertThat(call.function().name()).isEqualTo("get_weather");
        assertThat(call.function().arguments(GetWeather.class).city).isNotNull();
        ChatCompletionToolMessageParam result = ChatCompletionToolMessageParam.builder().toolCallId(call.id()).content("21 degrees").build();
        ChatCompletion second = client.chat().completions().create(asked.addMessage(message).addMessage(result)
                .toolChoice(ChatCompletionToolChoiceOption.Auto.NONE).maxCompletionTokens(12).build());
        assertThat(second.choices().getFirst().message().content().orElseThrow()).isNotBlank();
    }

    @Test
    void streamsTheDeltasOfACall() {
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        ChatCompletionCreateParams asked = weather().addTool(GetWeather.class).toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED).build();

        try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(asked)) {
            stream.stream().forEach(accumulator::accumulate);
        }

        ChatCompletionMessage message = accumulator.chatCompletion().choices().getFirst().message();
        assertThat(message.toolCalls().orElseThrow().getFirst().asFunction().function().arguments(GetWeather.class).city).isNotNull();
    }

    @Test
    void answersInTheShapeOfAClass() {
        StructuredChatCompletion<Weather> chat = client.chat().completions().create(weather().responseFormat(Weather.class).build());

        assertThat(chat.choices().getFirst().message().content().orElseThrow().city).isNotNull();
    }

    @Test
    void continuesAPrompt() {
        CompletionCreateParams.Builder asked = CompletionCreateParams.builder()
                .model(CompletionCreateParams.Model.of(DemoNode.MODEL)).prompt("The ocean is").maxTokens(8).temperature(0);
        Completion whole = client.completions().create(asked.build());

        StringBuilder streamed = new StringBuilder();
        try (StreamResponse<Completion> stream = client.completions().createStreaming(asked.build())) {
            stream.stream().flatMap(part -> part.choices().stream()).forEach(choice -> streamed.append(choice.text()));
        }
        assertThat(streamed).hasToString(whole.choices().getFirst().text()).isNotBlank();
    }

    @Test
    void respondsStreamsGoesOnAndForgets() {
        ResponseCreateParams.Builder asked = ResponseCreateParams.builder()
                .model(DemoNode.MODEL).input(PROMPT).maxOutputTokens(16).temperature(0);
        Response first = client.responses().create(asked.build());
        first.validate();
        assertThat(text(first)).isNotBlank();

        ResponseAccumulator accumulator = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(asked.build())) {
            stream.stream().forEach(accumulator::accumulate);
        }
        assertThat(text(accumulator.response())).isEqualTo(text(first));

        Response second = client.responses().create(asked.input("And one about the sky.").previousResponseId(first.id()).build());
        assertThat(second.usage().orElseThrow().inputTokens()).isGreaterThan(first.usage().orElseThrow().inputTokens());
        assertThat(text(client.responses().retrieve(first.id()))).isEqualTo(text(first));
        assertThat(client.responses().inputItems().list(first.id()).items()).hasSize(1);
        client.responses().delete(first.id());
        assertThat(catchThrowableOfType(NotFoundException.class, () -> client.responses().retrieve(first.id()))).isNotNull();
    }

    @Test
    void respondsInTheShapeOfAClass() {
        StructuredResponse<Weather> response = client.responses().create(ResponseCreateParams.builder()
                .model(DemoNode.MODEL).input(QUESTION).maxOutputTokens(600).temperature(0).text(Weather.class).build());

        assertThat(response.output().stream().flatMap(item -> item.message().stream()).flatMap(message -> message.content().stream())
                .flatMap(content -> content.outputText().stream()).findFirst().orElseThrow().city).isNotNull();
    }

    @Test
    void callsAFunctionInAResponse() {
        ResponseCreateParams.Builder asked = ResponseCreateParams.builder()
                .model(DemoNode.MODEL).input(QUESTION).maxOutputTokens(600).temperature(0).addTool(GetWeather.class);
        Response first = client.responses().create(asked.toolChoice(ToolChoiceOptions.REQUIRED).build());
        ResponseFunctionToolCall call = first.output().stream().flatMap(item -> item.functionCall().stream()).findFirst().orElseThrow();
        assertThat(call.arguments(GetWeather.class).city).isNotNull();

        ResponseInputItem output = ResponseInputItem.ofFunctionCallOutput(
                ResponseInputItem.FunctionCallOutput.builder().callId(call.callId()).output("21 degrees").build());
        Response second = client.responses().create(asked.inputOfResponse(List.of(output)).previousResponseId(first.id())
                .toolChoice(ToolChoiceOptions.NONE).build());
        assertThat(text(second)).isNotBlank();
    }

    private static String text(Response response) {
        return response.output().stream().flatMap(item -> item.message().stream()).flatMap(message -> message.content().stream())
                .flatMap(content -> content.outputText().stream()).map(ResponseOutputText::text).collect(Collectors.joining());
    }

    private static ChatCompletionCreateParams.Builder weather() {
        return ChatCompletionCreateParams.builder().model(DemoNode.MODEL).addUserMessage(QUESTION).maxCompletionTokens(600).temperature(0);
    }

    /** A city of which there is weather. */
    enum City {
        PARIS,
        ROME,
        OSLO
    }

    /** What the client makes a schema of. */
    static class Weather {
        public City city;
        public boolean celsius;
    }

    /** What the client makes a tool of. */
    @JsonTypeName("get_weather")
    @JsonClassDescription("The weather in a city")
    static class GetWeather {
        public City city;
        public boolean celsius;
    }

    private static ChatCompletionCreateParams.Builder chat(int tokens) {
        return ChatCompletionCreateParams.builder().model(DemoNode.MODEL).addUserMessage(PROMPT).maxCompletionTokens(tokens).temperature(0);
    }

    private static ChatCompletionCreateParams.Builder endless() {
        return chat(400).putAdditionalBodyProperty("ignore_eos", JsonValue.from(true));
    }
}
