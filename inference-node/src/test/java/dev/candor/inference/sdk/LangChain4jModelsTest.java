package dev.candor.inference.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.candor.client.CandorClient;
import dev.candor.client.error.UnverifiedAnswerException;
import dev.candor.client.langchain4j.CandorChatModel;
import dev.candor.client.langchain4j.CandorChatResponseMetadata;
import dev.candor.client.langchain4j.CandorEmbeddingModel;
import dev.candor.client.langchain4j.CandorStreamingChatModel;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.http.ChatModel;
import dev.candor.inference.testing.EchoEngine;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.ToyChat;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LangChain4jModelsTest extends SdkFixture {
    private static final String CALL = EchoEngine.SAY + "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Oslo\"}}\n</tool_call>";

    enum Mood {
        GLAD,
        SAD
    }

    record Verdict(@JsonProperty(required = true) Mood mood, @JsonProperty(required = true) boolean sure) {}

    interface Judge {
        Verdict judge(String text);
    }

    interface Assistant {
        Result<String> answer(String question);
    }

    static final class Weather {
        private String asked = "";

        @Tool("The weather of a city")
        String weather(@P("the city") String city) {
            asked = city;
            return EchoEngine.SAY + "It rains in " + city + ".";
        }
    }

    @Test
    void chatsWithTheReceiptInTheMetadata() throws Exception {
        start(HttpFixture.Setup.paying());
        try (CandorClient candor = paying().build()) {
            ChatResponse response = model(candor).chat(ChatRequest.builder().messages(UserMessage.from(TEXT)).build());
            assertThat(response.aiMessage().text()).isEqualTo(TEXT);
            assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(TEXT.length() + 1);
            assertThat(response.modelName()).isEqualTo(MODEL);
            assertThat(((CandorChatResponseMetadata) response.metadata()).receipt().orElseThrow().charged()).isEqualTo(CHARGE);
        }
    }

    @Test
    void throwsWhatDoesNotVerify() throws Exception {
        start(HttpFixture.Setup.free());
        relay.change(flipped("\"content\":\"hello"));
        try (CandorClient candor = free().build()) {
            assertThatThrownBy(() -> model(candor).chat(TEXT)).isInstanceOf(UnverifiedAnswerException.class);
        }
    }

    @Test
    void refusesPicturesInsteadOfDroppingThem() throws Exception {
        start(HttpFixture.Setup.free());
        try (CandorClient candor = free().build()) {
            assertThatThrownBy(() -> model(candor).chat(UserMessage.from(ImageContent.from("https://example.org/a.png"))))
                    .isInstanceOf(UnsupportedFeatureException.class);
        }
    }

    @Test
    void anAiServiceCallsTools() throws Exception {
        start(HttpFixture.Setup.paying());
        Weather weather = new Weather();
        try (CandorClient candor = paying().build()) {
            Assistant assistant = AiServices.builder(Assistant.class).chatModel(model(candor)).tools(weather).build();
            Result<String> result = assistant.answer(CALL);
            assertThat(weather.asked).isEqualTo("Oslo");
            assertThat(result.content()).startsWith("It rains in Oslo.");
            assertThat(((CandorChatResponseMetadata) result.finalResponse().metadata()).receipt()).isPresent();
        }
    }

    @Test
    void anAiServiceGivesRecords() throws Exception {
        start(HttpFixture.Setup.free());
        try (ChatModel toy = ToyChat.open(ToyChat.publish(folder.resolve("cache"), ToyModels.Shape.standard()));
                CandorClient candor = free().build()) {
            node.models.add(toy);
            CandorChatModel model = new CandorChatModel(
                    candor, ChatRequestParameters.builder().modelName(ToyChat.NAME).maxOutputTokens(200).build(), List.of());
            Verdict verdict = AiServices.builder(Judge.class).chatModel(model).build().judge("It rains.");
            assertThat(verdict.mood()).isNotNull();
        }
    }

    @Test
    void streamsPartsAndThenTheVerifiedAnswer() throws Exception {
        start(HttpFixture.Setup.paying());
        try (CandorClient candor = paying().build()) {
            Collector collector = new Collector(false);
            streaming(candor).chat(TEXT, collector);
            ChatResponse response = collector.whole.get(60, TimeUnit.SECONDS);
            assertThat(response.aiMessage().text()).isEqualTo(TEXT).isEqualTo(collector.text.toString());
            assertThat(((CandorChatResponseMetadata) response.metadata()).receipt()).isPresent();
        }
    }

    @Test
    void givesCompleteToolCallsOnlyOfAnAnswerThatVerified() throws Exception {
        start(HttpFixture.Setup.free());
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from(CALL))
                .toolSpecifications(dev.langchain4j.agent.tool.ToolSpecifications.toolSpecificationsFrom(new Weather()))
                .build();
        try (CandorClient candor = free().build()) {
            Collector good = new Collector(false);
            streaming(candor).chat(request, good);
            assertThat(good.whole.get(60, TimeUnit.SECONDS).aiMessage().toolExecutionRequests()).hasSize(1);
            assertThat(good.calls).extracting(ToolExecutionRequest::name).containsExactly("weather");
            assertThat(good.arguments.toString()).contains("Oslo");

            relay.change(flipped("\"name\":\"weather"));
            Collector bad = new Collector(false);
            streaming(candor).chat(request, bad);
            assertThatThrownBy(() -> bad.whole.get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class).hasCauseInstanceOf(UnverifiedAnswerException.class);
            assertThat(bad.calls).isEmpty();
        }
    }

    @Test
    void aHandlerCanCancel() throws Exception {
        start(HttpFixture.Setup.free());
        node.engine.hold();
        try (CandorClient candor = CandorClient.connect(node.url()).build()) {
            Collector collector = new Collector(true);
            streaming(candor).chat(TEXT, collector);
            node.engine.step(1);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (node.engine.cancelled() == 0 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertThat(node.engine.cancelled()).isEqualTo(1);
            assertThat(collector.whole).isNotDone();
        }
    }

    @Test
    void saysWhatTheNodeFoundWrongWithAnEmbedding() throws Exception {
        start(HttpFixture.Setup.free());
        try (CandorClient candor = free().build()) {
            assertThatThrownBy(() -> CandorEmbeddingModel.of(candor, MODEL).embed("x"))
                    .isInstanceOf(dev.candor.client.error.NodeErrorException.class)
                    .hasMessageContaining(MODEL);
        }
    }

    private static CandorChatModel model(CandorClient candor) {
        return new CandorChatModel(candor, ChatRequestParameters.builder().modelName(MODEL).maxOutputTokens(100).build(), List.of());
    }

    private static CandorStreamingChatModel streaming(CandorClient candor) {
        return CandorStreamingChatModel.of(candor, MODEL);
    }

    private static final class Collector implements StreamingChatResponseHandler {
        private final StringBuffer text = new StringBuffer();
        private final StringBuffer arguments = new StringBuffer();
        private final List<ToolExecutionRequest> calls = new CopyOnWriteArrayList<>();
        private final CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        private final boolean cancels;

        Collector(boolean cancels) {
            this.cancels = cancels;
        }

        @Override
        public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
            text.append(part.text());
            if (cancels) {
                context.streamingHandle().cancel();
            }
        }

        @Override
        public void onPartialToolCall(PartialToolCall part) {
            arguments.append(part.partialArguments());
        }

        @Override
        public void onCompleteToolCall(CompleteToolCall call) {
            calls.add(call.toolExecutionRequest());
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            whole.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            whole.completeExceptionally(error);
        }
    }
}
