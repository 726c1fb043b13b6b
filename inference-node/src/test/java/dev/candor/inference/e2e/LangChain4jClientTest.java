package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
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

    private static ChatRequest.Builder question() {
        return ChatRequest.builder().messages(UserMessage.from("How is the weather in Paris?"));
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
