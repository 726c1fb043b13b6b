package dev.candor.client.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.client.error.AnswerFormatException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    record Place(String city) {}

    @Test
    void readsAChatWithToolCallsAndThoughts() throws Exception {
        ChatAnswer answer = ChatAnswer.of(json("""
                {"id":"c1","model":"acme/tiny@1","choices":[{"index":0,"finish_reason":"tool_calls","logprobs":{"content":[]},"message":{"role":"assistant",
                 "content":null,"reasoning_content":"hm","tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{}"}}]}}],
                 "usage":{"prompt_tokens":5,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":2}}}"""), Optional.empty());
        assertThat(answer.text()).isEmpty();
        assertThat(answer.message().reasoning()).contains("hm");
        assertThat(answer.toolCalls()).containsExactly(new ToolCall("call_1", "weather", "{}"));
        assertThat(answer.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(answer.usage()).isEqualTo(new Usage(5, 3, 2));
        assertThat(answer.usage().totalTokens()).isEqualTo(8);
        assertThat(answer.choices().getFirst().logprobs()).isPresent();
    }

    @Test
    void readsNoRecordOutOfAnAnswerThatWasCut() throws Exception {
        ChatAnswer cut = ChatAnswer.of(chat("length", "{\\\"city\\\":\\\"Vienna\\\"}"), Optional.empty());
        assertThatThrownBy(() -> cut.as(Place.class)).isInstanceOf(AnswerFormatException.class).hasMessageContaining("maxTokens");
        assertThat(ChatAnswer.of(chat("stop", "{\\\"city\\\":\\\"Vienna\\\"}"), Optional.empty()).as(Place.class)).isEqualTo(new Place("Vienna"));
        ChatAnswer prose = ChatAnswer.of(chat("stop", "Vienna"), Optional.empty());
        assertThatThrownBy(() -> prose.as(Place.class)).isInstanceOf(AnswerFormatException.class).hasMessageContaining("Vienna");
    }

    @Test
    void takesReasonsThatItDoesNotKnow() throws Exception {
        assertThat(ChatAnswer.of(chat("boredom", ""), Optional.empty()).finishReason()).isEqualTo(FinishReason.OTHER);
        assertThat(ChatAnswer.of(chat("function_call", ""), Optional.empty()).finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void readsVectorsInBothForms() throws Exception {
        EmbeddingAnswer answer = EmbeddingAnswer.of(json("""
                {"model":"m","data":[{"index":0,"embedding":"AACAPwAAAMA="},{"index":1,"embedding":[1,-2]}],"usage":{"prompt_tokens":4,"total_tokens":4}}"""),
                Optional.empty());
        assertThat(answer.vectors()).hasSize(2).allSatisfy(vector -> assertThat(vector).containsExactly(1, -2));
        assertThat(answer.usage().promptTokens()).isEqualTo(4);
    }

    @Test
    void readsRankedDocumentsAndClasses() throws Exception {
        RerankAnswer ranked = RerankAnswer.of(json("{\"model\":\"m\",\"results\":[{\"index\":1,\"relevance_score\":0.9},{\"index\":0,\"relevance_score\":0.1}]}"), Optional.empty());
        assertThat(ranked.results()).containsExactly(new RerankAnswer.Ranked(1, 0.9), new RerankAnswer.Ranked(0, 0.1));
        ClassifyAnswer classes = ClassifyAnswer.of(json("{\"model\":\"m\",\"data\":[{\"index\":0,\"label\":\"good\",\"probs\":[0.2,0.8]}]}"), Optional.empty());
        assertThat(classes.labels()).containsExactly(new ClassifyAnswer.Labelled(0, "good", List.of(0.2, 0.8), List.of()));
    }

    @Test
    void namesTheMemberThatIsWrong() throws Exception {
        assertThatThrownBy(() -> ChatAnswer.of(json("{}"), Optional.empty())).isInstanceOf(AnswerFormatException.class).hasMessageContaining("choices");
        assertThatThrownBy(() -> ChatAnswer.of(json("{\"choices\":5}"), Optional.empty())).isInstanceOf(AnswerFormatException.class).hasMessageContaining("a list");
        assertThatThrownBy(() -> EmbeddingAnswer.of(json("{\"model\":\"m\",\"data\":[{\"embedding\":\"AAA=\"}]}"), Optional.empty()))
                .isInstanceOf(AnswerFormatException.class).hasMessageContaining("32-bit floats");
        assertThatThrownBy(() -> ModelInfo.of(json("{\"id\":\"m\",\"candor\":{\"price\":{\"input\":\"-1\"}}}")))
                .isInstanceOf(AnswerFormatException.class).hasMessageContaining("input");
    }

    @Test
    void saysInOneShortLineWhatItIs() throws Exception {
        ChatAnswer answer = ChatAnswer.of(chat("stop", "one\\n two"), Optional.empty());
        assertThat(answer).hasToString("ChatAnswer[c: one two, receipt none]");
        assertThat(ChatAnswer.of(chat("stop", "é".repeat(101)), Optional.empty())).hasToString("ChatAnswer[c: " + "é".repeat(100) + "…, receipt none]");
        assertThat(ShortText.cut("x".repeat(99) + "\uD83D\uDE00")).isEqualTo("x".repeat(99) + "…");
        ToolCall call = new ToolCall("call_1", "weather", "{}");
        assertThat(new ResponseAnswer("r", "m", true, "", List.of(call), new Usage(1, 1, 0), Optional.empty()))
                .hasToString("ResponseAnswer[r: calls weather, receipt none]");
        assertThat(new RecordAnswer<>(new Place("Vienna"), answer)).hasToString("RecordAnswer[Place[city=Vienna], receipt none]");
        assertThat(new EmbeddingAnswer("m", List.of(new float[9]), new Usage(1, 0, 0), Optional.empty()))
                .hasToString("EmbeddingAnswer[m, vectors: 1, receipt none]");
    }

    private static JsonNode chat(String reason, String text) throws Exception {
        return json("{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"finish_reason\":\"" + reason
                + "\",\"message\":{\"role\":\"assistant\",\"content\":\"" + text + "\"}}]}");
    }

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text);
    }
}
