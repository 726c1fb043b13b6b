package dev.candor.client.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChatRequestTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    record Place(String city) {}

    @Test
    void isSentAsOpenAiDoesAndAlwaysInTheSameBytes() throws Exception {
        ChatRequest.Builder builder = ChatRequest.builder("acme/tiny@1")
                .system("Be brief.").ask("Hi").temperature(0.5).topP(0.9).topK(5).minP(0.01).seed(7).maxTokens(9).stop("a", "b")
                .frequencyPenalty(0.1).presencePenalty(0.2).logitBias(Map.of(5, -1.5)).n(2).user("me").topLogprobs(3)
                .tool(Tool.of("weather", "Says how it is.", Place.class)).toolChoice(ToolChoice.function("weather")).parallelToolCalls(false)
                .format(ResponseFormat.jsonObject()).option("repetition_penalty", IntNode.valueOf(1));
        ChatRequest request = builder.build();
        assertThat(JSON.readTree(request.json().toString())).isEqualTo(JSON.readTree("""
                {"model":"acme/tiny@1","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}],
                 "frequency_penalty":0.1,"logit_bias":{"5":-1.5},"logprobs":true,"max_tokens":9,"min_p":0.01,"n":2,"parallel_tool_calls":false,
                 "presence_penalty":0.2,"repetition_penalty":1,"seed":7,"stop":["a","b"],"temperature":0.5,"top_k":5,"top_logprobs":3,"top_p":0.9,
                 "user":"me","tools":[{"type":"function","function":{"name":"weather","description":"Says how it is.","parameters":
                   {"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false},"strict":true}}],
                 "tool_choice":{"type":"function","function":{"name":"weather"}},"response_format":{"type":"json_object"}}"""));
        assertThat(builder.build().json()).hasToString(request.json().toString());
    }

    @Test
    void saysWhetherToolsAreCalled() throws Exception {
        assertThat(choice(ToolChoice.auto())).isEqualTo("\"auto\"");
        assertThat(choice(ToolChoice.none())).isEqualTo("\"none\"");
        assertThat(choice(ToolChoice.required())).isEqualTo("\"required\"");
        assertThat(choice(ToolChoice.function("weather"))).isEqualTo("{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}");
        assertThat(ChatRequest.of("acme/tiny@1", "Hi").json().has("tool_choice")).isFalse();
        ResponseRequest.Builder response = ResponseRequest.builder("acme/tiny@1").ask("Hi");
        assertThat(response.toolChoice(ToolChoice.required()).build().json().path("tool_choice")).hasToString("\"required\"");
        assertThat(response.toolChoice(ToolChoice.function("weather")).build().json().path("tool_choice"))
                .hasToString("{\"type\":\"function\",\"name\":\"weather\"}");
    }

    @Test
    void takesPlainValuesForOtherMembers() throws Exception {
        List<Object> list = new ArrayList<>(Arrays.asList("a", null, true, 2, 3L, 0.5f, 1e-3, new BigDecimal("1.10"), BigInteger.TWO));
        ChatRequest request = ChatRequest.builder("acme/tiny@1").ask("Hi").option("extra", Map.of("list", list)).option("text", "x").option("nothing", null).build();
        list.clear();
        assertThat(request.json().path("extra")).hasToString("{\"list\":[\"a\",null,true,2,3,0.5,0.001,1.10,2]}");
        assertThat(request.json().path("text")).hasToString("\"x\"");
        assertThat(request.json().path("nothing").isNull()).isTrue();
    }

    @Test
    void refusesValuesThatAreNoJson() {
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        ChatRequest.Builder builder = ChatRequest.builder("acme/tiny@1").ask("Hi");
        assertThatThrownBy(() -> builder.option("x", itself)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("in itself");
        assertThatThrownBy(() -> builder.option("x", Double.NaN)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("NaN");
        assertThatThrownBy(() -> builder.option("x", Map.of(1, 2))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("String");
        assertThatThrownBy(() -> builder.option("x", new Place("Vienna"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Place").hasMessageContaining("Jackson 2");
        assertThatThrownBy(() -> builder.option("stream", true)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("stream");
    }

    private static String choice(ToolChoice choice) {
        return ChatRequest.builder("acme/tiny@1").ask("Hi").toolChoice(choice).build().json().path("tool_choice").toString();
    }

    @Test
    void goesOnWithToolsAnswers() throws Exception {
        ToolCall call = new ToolCall("call_1", "weather", "{\"city\":\"Vienna\"}");
        ChatMessage asked = new ChatMessage(Role.ASSISTANT, Optional.empty(), Optional.empty(), List.of(call), Optional.empty());
        ChatRequest next = ChatRequest.of("acme/tiny@1", "How is it?").plus(asked, ChatMessage.tool(call, "cold"));
        assertThat(next.json().path("messages")).isEqualTo(JSON.readTree("""
                [{"role":"user","content":"How is it?"},
                 {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Vienna\\"}"}}]},
                 {"role":"tool","content":"cold","tool_call_id":"call_1"}]"""));
        assertThat(call.arguments(Place.class)).isEqualTo(new Place("Vienna"));
        assertThat(call.argumentsJson().path("city").asText()).isEqualTo("Vienna");
    }

    @Test
    void doesNotChangeWithWhatItWasMadeOf() {
        ChatRequest.Builder builder = ChatRequest.builder("acme/tiny@1").ask("Hi");
        ChatRequest request = builder.build();
        String before = request.json().toString();
        builder.ask("More").temperature(1);
        request.json().put("model", "other");
        assertThat(request.json()).hasToString(before);
    }

    @Test
    void refusesWhatCannotBeAsked() {
        assertThatThrownBy(() -> ChatRequest.builder("acme/tiny@1").build()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("message");
        assertThatThrownBy(() -> ChatRequest.builder("acme/tiny@1").option("verification", IntNode.valueOf(1)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("verification");
        assertThatThrownBy(() -> Tool.of("two words", "", Place.class)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("two words");
        assertThatThrownBy(() -> ResponseFormat.jsonSchema("s", "[]")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ResponseFormat.jsonSchema("s", "{")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not JSON");
        assertThatThrownBy(() -> new EmbeddingRequest("m", List.of(), java.util.OptionalInt.empty(), Optional.empty())).isInstanceOf(IllegalArgumentException.class);
    }
}
