package dev.candor.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.candor.inference.openai.tools.ChatPrompt;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of every kind come out in one form. */
class PromptFieldsTest {
    private static final String CALL = "{'id':'call_a','type':'function','function':{'name':'f','arguments':'{}'}}";

    private static ChatPrompt read(String members) throws ApiException {
        return PromptFields.read(new Fields(new Json().object(("{" + members.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8)), ""));
    }

    private static ArrayNode messages(String messages) throws ApiException {
        return read("'messages':[" + messages + "]").messages();
    }

    private static void assertRefused(String members, String param, ErrorCode code) {
        ApiException refusal = catchThrowableOfType(ApiException.class, () -> read(members));
        assertThat(refusal).as(members).isNotNull();
        assertThat(refusal.param()).as(refusal.getMessage()).contains(param);
        assertThat(refusal.error()).as(refusal.getMessage()).isEqualTo(code);
    }

    @Test
    void readsCallsAndTheirResults() throws ApiException {
        ArrayNode messages = messages("{'role':'assistant','content':null,'tool_calls':[" + CALL + "]},{'role':'tool','tool_call_id':'call_a','content':[{'type':'text','text':'5'}]}");

        assertThat(messages.get(0).toString()).isEqualTo(("{'role':'assistant','content':'','tool_calls':[" + CALL + "]}").replace('\'', '"'));
        assertThat(messages.get(1).toString()).isEqualTo("{'role':'tool','tool_call_id':'call_a','content':'5','name':'f'}".replace('\'', '"'));
    }

    @Test
    void readsArgumentsThatAreAnObjectAndCallsWithoutType() throws ApiException {
        JsonNode call = messages("{'role':'assistant','tool_calls':[{'id':'1','function':{'name':'f','arguments':{'a':1}}}]}").at("/0/tool_calls/0");

        assertThat(call.path("type").asText()).isEqualTo("function");
        assertThat(call.at("/function/arguments").asText()).isEqualTo("{\"a\":1}");
    }

    @Test
    void mapsTheOlderFormOfCallsToTheNewer() throws ApiException {
        ArrayNode messages = messages("{'role':'assistant','content':null,'function_call':{'name':'f','arguments':'{}'}},{'role':'function','name':'f','content':'5'},"
                + "{'role':'assistant','content':null,'function_call':{'name':'g','arguments':'{}'}},{'role':'function','name':'g','content':'6'}");

        assertThat(messages.at("/0/tool_calls/0/function/name").asText()).isEqualTo("f");
        assertThat(messages.at("/0").has("function_call")).isFalse();
        assertThat(messages.at("/1/role").asText()).isEqualTo("tool");
        assertThat(messages.at("/1/tool_call_id")).isEqualTo(messages.at("/0/tool_calls/0/id"));
        assertThat(messages.at("/3/tool_call_id")).isEqualTo(messages.at("/2/tool_calls/0/id")).isNotEqualTo(messages.at("/1/tool_call_id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'reasoning':'Hm'", "'reasoning_content':'Hm'", "'reasoning':'Hm','reasoning_content':'Hm'", "'reasoning':'Hm','reasoning_content':null"})
    void keepsEarlierThoughtsUnderOneName(String members) throws ApiException {
        assertThat(messages("{'role':'assistant','content':'Hi'," + members + "}").get(0))
                .hasToString("{\"role\":\"assistant\",\"content\":\"Hi\",\"reasoning_content\":\"Hm\"}");
    }

    @Test
    void readsRefusalsAsWhatTheAssistantSaid() throws ApiException {
        assertThat(messages("{'role':'assistant','content':null,'refusal':'No.'}").at("/0/content").asText()).isEqualTo("No.");
        assertThat(messages("{'role':'assistant','content':[{'type':'refusal','refusal':'No'},{'type':'text','text':'.'}]}").at("/0/content").asText()).isEqualTo("No.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "{'role':'user','content':[{'type':'image_url','image_url':{'url':'x'}}]} | messages[0].content[0].type | UNSUPPORTED_CONTENT",
        "{'role':'user','content':[{'type':'text','text':'a'},{'type':'input_audio'}]} | messages[0].content[1].type | UNSUPPORTED_CONTENT",
        "{'role':'user','content':[{'type':'file'}]} | messages[0].content[0].type | UNSUPPORTED_CONTENT",
        "{'role':'user','content':[{'type':'refusal','refusal':'x'}]} | messages[0].content[0].type | UNSUPPORTED_CONTENT",
        "{'role':'user','content':null} | messages[0].content | MISSING_PARAMETER",
        "{'role':'tool','content':null} | messages[0].content | MISSING_PARAMETER",
        "{'role':'user','content':'x','tool_calls':[1]} | messages[0].tool_calls | INVALID_VALUE",
        "{'role':'assistant','tool_calls':{}} | messages[0].tool_calls | INVALID_TYPE",
        "{'role':'assistant','tool_calls':[1]} | messages[0].tool_calls[0] | INVALID_TYPE",
        "{'role':'assistant','tool_calls':[{}]} | messages[0].tool_calls[0].id | MISSING_PARAMETER",
        "{'role':'assistant','tool_calls':[{'id':''}]} | messages[0].tool_calls[0].id | INVALID_VALUE",
        "{'role':'assistant','tool_calls':[{'id':'a'}]} | messages[0].tool_calls[0].function | MISSING_PARAMETER",
        "{'role':'assistant','tool_calls':[{'id':'a','type':'custom'}]} | messages[0].tool_calls[0].type | INVALID_VALUE",
        "{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'a b'}}]} | messages[0].tool_calls[0].function.name | INVALID_VALUE",
        "{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f','arguments':[]}}]} | messages[0].tool_calls[0].function.arguments | INVALID_TYPE",
        "{'role':'assistant','function_call':5} | messages[0].function_call | INVALID_TYPE",
        "{'role':'assistant','content':'','reasoning':{}} | messages[0].reasoning | INVALID_TYPE",
        "{'role':'tool','content':'5','tool_call_id':7} | messages[0].tool_call_id | INVALID_TYPE",
        "{'role':'function','content':'5'} | messages[0].name | MISSING_PARAMETER",
    })
    void namesTheMemberAtFault(String message, String param, ErrorCode code) {
        assertRefused("'messages':[" + message + "]", param, code);
    }

    @Test
    void passesArgumentsOnToTheTemplateButNotThoseThatItGetsFromTheNode() throws ApiException {
        String messages = "'messages':[{'role':'user','content':'x'}],";

        assertThat(read(messages + "'chat_template_kwargs':{'enable_thinking':false,'x':[1]}").templateArguments()).hasToString("{\"enable_thinking\":false,\"x\":[1]}");
        assertThat(read(messages + "'reasoning_effort':'high'").templateArguments()).hasToString("{\"reasoning_effort\":\"high\"}");
        assertThat(read(messages + "'reasoning_effort':'none','chat_template_kwargs':{'enable_thinking':true}").templateArguments().path("enable_thinking").asBoolean()).isTrue();
        for (String name : new String[] {"messages", "tools", "add_generation_prompt"}) {
            assertRefused(messages + "'chat_template_kwargs':{'" + name + "':true}", "chat_template_kwargs." + name, ErrorCode.INVALID_VALUE);
        }
        assertRefused(messages + "'chat_template_kwargs':[]", "chat_template_kwargs", ErrorCode.INVALID_TYPE);
        assertRefused(messages + "'chat_template_kwargs':{'x':'" + "y".repeat(70_000) + "'}", "chat_template_kwargs", ErrorCode.INVALID_VALUE);
        assertRefused(messages + "'reasoning_effort':'immense'", "reasoning_effort", ErrorCode.INVALID_VALUE);
    }
}
