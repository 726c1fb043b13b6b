package dev.candor.inference.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.attestation.receipt.Verification;
import dev.candor.client.CandorClient;
import dev.candor.client.ChatStream;
import dev.candor.client.api.ChatAnswer;
import dev.candor.client.api.ChatDelta;
import dev.candor.client.api.ChatMessage;
import dev.candor.client.api.ChatRequest;
import dev.candor.client.api.FinishReason;
import dev.candor.client.api.InferenceMode;
import dev.candor.client.api.RecordAnswer;
import dev.candor.client.api.RecordSchema;
import dev.candor.client.api.ResponseFormat;
import dev.candor.client.api.Tool;
import dev.candor.client.api.ToolCall;
import dev.candor.client.api.ToolChoice;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.http.ChatModel;
import dev.candor.inference.testing.EchoEngine;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.ToyChat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records, tools, replays: answers of a form that was asked for. */
class FormsTest extends SdkFixture {
    private static final String CALL = EchoEngine.SAY + "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Oslo\"}}\n</tool_call>";

    private ChatModel toy;

    enum Mood {
        GLAD,
        SAD
    }

    record Verdict(Mood mood, boolean sure, List<Mood> others) {}

    record Place(String city) {}

    record Choice(Mood mood, boolean loud) {}

    @AfterEach
    void closeToy() throws Exception {
        if (toy != null) {
            toy.close();
        }
    }

    @Test
    void aRecordIsReadOutOfAnAnswerThatIsHeldToItsSchema() throws Exception {
        withToy();
        try (CandorClient candor = paying().build()) {
            RecordAnswer<Verdict> answer = candor.chat(toyRequest("What do you feel?").build(), Verdict.class);
            assertThat(answer.value().mood()).isNotNull();
            assertThat(answer.value().others()).doesNotContainNull();
            assertThat(answer.receipt().report().verified()).isTrue();
            assertThat(answer.receipt().charged()).isPositive();
            assertThat(answer.answer().text()).startsWith("{");
        }
    }

    @Test
    void jsonOfASchemaStreamsAndVerifies() throws Exception {
        withToy();
        ResponseFormat format = ResponseFormat.jsonSchema("mood", "{\"type\":\"object\",\"properties\":{\"mood\":{\"enum\":[\"GLAD\",\"SAD\"]},"
                + "\"loud\":{\"type\":\"boolean\"}},\"required\":[\"mood\",\"loud\"],\"additionalProperties\":false}");
        try (CandorClient candor = paying().build(); ChatStream stream = candor.stream(toyRequest("Well?").format(format).build())) {
            String text = String.join("", stream.text().toList());
            ChatAnswer answer = stream.answer();
            assertThat(answer.text()).isEqualTo(text);
            assertThat(answer.as(Choice.class).mood()).isNotNull();
        }
    }

    @Test
    void aRequiredToolIsCalledWithArgumentsThatFit() throws Exception {
        withToy();
        try (CandorClient candor = paying().build()) {
            ChatAnswer answer = candor.chat(toyRequest("Well?")
                    .tool(Tool.of("feel", "Feels something.", Choice.class)).toolChoice(ToolChoice.required()).parallelToolCalls(false).build());
            assertThat(answer.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
            assertThat(answer.toolCalls()).hasSize(1);
            assertThat(answer.toolCalls().getFirst().name()).isEqualTo("feel");
            assertThat(answer.toolCalls().getFirst().arguments(Choice.class).mood()).isNotNull();
        }
    }

    @Test
    void toolsAreCalledAndTheirResultsAnswered() throws Exception {
        start(HttpFixture.Setup.paying());
        try (CandorClient candor = paying().build()) {
            ChatRequest request = echo(CALL);
            ChatAnswer answer = candor.chat(request);
            assertThat(answer.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
            ToolCall call = answer.toolCalls().getFirst();
            assertThat(call.arguments(Place.class)).isEqualTo(new Place("Oslo"));
            ChatAnswer last = candor.chat(request.plus(answer.message(), ChatMessage.tool(call, EchoEngine.SAY + "It rains.")));
            assertThat(last.text()).startsWith("It rains.");
            assertThat(last.toolCalls()).isEmpty();
        }
    }

    @Test
    void callsComeInPartsAndWholeInTheAnswer() throws Exception {
        start(HttpFixture.Setup.free());
        List<ChatDelta.CallPart> parts = new ArrayList<>();
        try (CandorClient candor = free().build(); ChatStream stream = candor.stream(echo(CALL))) {
            stream.forEach(delta -> parts.addAll(delta.toolCalls()));
            ToolCall call = stream.answer().toolCalls().getFirst();
            assertThat(parts.getFirst().id()).contains(call.id());
            assertThat(parts.getFirst().name()).contains("weather");
            assertThat(String.join("", parts.stream().map(ChatDelta.CallPart::arguments).toList())).isEqualTo(call.arguments());
        }
    }

    @Test
    void aReplayableAnswerSaysSo() throws Exception {
        withToy();
        try (CandorClient candor = paying().mode(InferenceMode.REPLAY).build()) {
            assertThat(candor.chat(toyRequest("Well?").maxTokens(8).build()).receipt().signed().verification()).isEqualTo(Verification.REPLAY);
            assertThat(candor.model(ToyChat.NAME).orElseThrow().modes()).contains(InferenceMode.REPLAY);
        }
    }

    private void withToy() throws Exception {
        start(HttpFixture.Setup.paying());
        toy = ToyChat.open(ToyChat.publish(folder.resolve("cache"), new ToyModels.Shape(2, 64, 4, 2, 128, 2048)));
        node.models.add(toy);
        node.prices.set(ToyChat.NAME, HttpFixture.PRICE);
    }

    private static ChatRequest.Builder toyRequest(String question) {
        return ChatRequest.builder(ToyChat.NAME).ask(question).maxTokens(200).seed(5);
    }

    private static ChatRequest echo(String text) {
        return ChatRequest.builder(MODEL).ask(text).maxTokens(200).tool(new Tool("weather", "The weather of a city.", RecordSchema.of(Place.class), false)).build();
    }
}
