package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiLanguageModel;
import dev.langchain4j.model.openai.OpenAiResponsesChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's module for OpenAI with nothing changed but its base URL. */
@Timeout(300)
class LangChain4jClientTest {
    private static final UserMessage QUESTION = UserMessage.from("How is the weather in Paris?");
    private static final JsonObjectSchema WEATHER = JsonObjectSchema.builder()
            .addEnumProperty("city", List.of("Paris", "Rome", "Oslo"))
            .addBooleanProperty("celsius")
            .required("city", "celsius")
            .additionalProperties(false)
            .build();
    private static final ToolSpecification WEATHER_TOOL =
            ToolSpecification.builder().name("get_weather").description("The weather in a city").parameters(WEATHER).build();
    private static final List<String> TEXTS = List.of("The ocean is deep and blue.", "A spreadsheet computes sums.");

    @TempDir
    private static Path folder;

    private static DemoNode node;

    @BeforeAll
    static void start() throws Exception {
        node = new DemoNode(folder, true);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void chats() {
        ChatResponse answer = model(12).build().chat(question().build());

        assertThat(answer.aiMessage().text()).isNotBlank();
        assertThat(answer.finishReason()).isIn(FinishReason.LENGTH, FinishReason.STOP);
        assertThat(answer.tokenUsage().outputTokenCount()).isBetween(1, 12);
    }

    @Test
    void streamsTheSameAnswer() throws Exception {
        CollectingHandler streamed = new CollectingHandler();
        streaming(12).build().chat(question().build(), streamed);

        ChatResponse answer = streamed.await();
        assertThat(streamed.text()).isEqualTo(answer.aiMessage().text()).isEqualTo(model(12).build().chat(question().build()).aiMessage().text());
        assertThat(answer.tokenUsage().outputTokenCount()).isPositive();
    }

    @Test
    void embeds() {
        OpenAiEmbeddingModel embeddings = OpenAiEmbeddingModel.builder()
                .baseUrl(base()).apiKey("unused").modelName(DemoNode.ENCODER).maxRetries(0).build();

        assertThat(embeddings.embedAll(TEXTS.stream().map(TextSegment::from).toList()).content())
                .hasSize(2).allSatisfy(vector -> assertThat(vector.dimension()).isEqualTo(384));
    }

    @Test
    void throwsItsOwnExceptions() {
        ModelNotFoundException unknown = catchThrowableOfType(
                ModelNotFoundException.class, () -> model(4).modelName("no/such-model").build().chat(question().build()));
        assertThat(unknown).hasMessageContaining("model_not_found");

        InvalidRequestException range = catchThrowableOfType(
                InvalidRequestException.class, () -> model(4).temperature(9.0).build().chat(question().build()));
        assertThat(((HttpException) range.getCause()).statusCode()).isEqualTo(400);
        assertThat(range).hasMessageContaining("temperature");
    }

    @Test
    void aCancelledStreamFreesItsPlace() throws Exception {
        StreamingChatModel endless = streaming(400).customParameters(Map.of("ignore_eos", true)).build();

        CollectingHandler cancelling = CollectingHandler.cancellingAtOnce();
        endless.chat(question().build(), cancelling);
        cancelling.awaitText();

        node.awaitIdle(DemoNode.MODEL);
    }

    @Test
    void callsAToolAndAnswersWithItsResult() {
        ChatResponse first = model(600).build().chat(question().toolSpecifications(WEATHER_TOOL).toolChoice(ToolChoice.REQUIRED).build());

        ToolExecutionRequest call = first.aiMessage().toolExecutionRequests().getFirst();
        assertThat(first.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(call.name()).isEqualTo("get_weather");
        requireWeather(call.arguments());
        ChatResponse second = model(12).build().chat(ChatRequest.builder()
                .messages(QUESTION, first.aiMessage(), ToolExecutionResultMessage.from(call, "21 degrees"))
                .toolSpecifications(WEATHER_TOOL)
                .toolChoice(ToolChoice.NONE)
                .build());
        assertThat(second.aiMessage().text()).isNotBlank();
    }

    @Test
    void streamsACall() throws Exception {
        CollectingHandler streamed = new CollectingHandler();
        streaming(600).build().chat(question().toolSpecifications(WEATHER_TOOL).toolChoice(ToolChoice.REQUIRED).build(), streamed);

        requireWeather(streamed.await().aiMessage().toolExecutionRequests().getFirst().arguments());
    }

    @Test
    void answersInTheShapeOfASchema() {
        ResponseFormat format = ResponseFormat.builder()
                .type(ResponseFormatType.JSON).jsonSchema(JsonSchema.builder().name("weather").rootElement(WEATHER).build()).build();

        requireWeather(model(600).strictJsonSchema(true).build().chat(question().responseFormat(format).build()).aiMessage().text());
    }

    @Test
    void answersInJson() throws Exception {
        String text = model(600).build().chat(question().responseFormat(ResponseFormat.JSON).build()).aiMessage().text();

        assertThat(new ObjectMapper().readTree(text).isObject()).isTrue();
    }

    @Test
    void worksByTheResponsesApiToo() throws Exception {
        ChatResponse whole = OpenAiResponsesChatModel.builder()
                .baseUrl(base()).apiKey("unused").modelName(DemoNode.MODEL).maxOutputTokens(16).temperature(0.0).build().chat(question().build());
        CollectingHandler streamed = new CollectingHandler();
        OpenAiResponsesStreamingChatModel.builder()
                .baseUrl(base()).apiKey("unused").modelName(DemoNode.MODEL).maxOutputTokens(16).temperature(0.0).build().chat(question().build(), streamed);

        assertThat(whole.aiMessage().text()).isNotBlank().isEqualTo(streamed.await().aiMessage().text());
        assertThat(streamed.text()).isEqualTo(whole.aiMessage().text());
    }

    @Test
    void continuesAPrompt() {
        OpenAiLanguageModel completions = OpenAiLanguageModel.builder()
                .baseUrl(base()).apiKey("unused").modelName(DemoNode.MODEL).temperature(0.0).maxRetries(0).build();

        assertThat(completions.generate("The ocean is").content()).isNotBlank();
    }

    private static void requireWeather(String json) {
        assertThatCode(() -> {
            JsonNode weather = new ObjectMapper().readTree(json);
            assertThat(weather.path("city").asText()).isIn("Paris", "Rome", "Oslo");
            assertThat(weather.path("celsius").isBoolean()).isTrue();
        }).doesNotThrowAnyException();
    }

    private static ChatRequest.Builder question() {
        return ChatRequest.builder().messages(QUESTION);
    }

    private static String base() {
        return node.url() + "/v1";
    }

    private static OpenAiChatModel.OpenAiChatModelBuilder model(int tokens) {
        return OpenAiChatModel.builder()
                .baseUrl(base()).apiKey("unused").modelName(DemoNode.MODEL).maxTokens(tokens).temperature(0.0).maxRetries(0);
    }

    private static OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder streaming(int tokens) {
        return OpenAiStreamingChatModel.builder().baseUrl(base()).apiKey("unused").modelName(DemoNode.MODEL).maxTokens(tokens).temperature(0.0);
    }
}
