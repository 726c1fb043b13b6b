package dev.candor.inference.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseRequestParserTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String TOOL = "{'type':'function','name':'weather','description':'d','parameters':{'type':'object'},'strict':true}";

    private final ResponseRequestParser parser = new ResponseRequestParser(new Json());

    private ResponseRequest parse(String members) throws ApiException {
        return parser.parse(("{\"model\":\"m\"," + members.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode chat(String members) throws Exception {
        ResponseRequest request = parse(members);
        return request.chat(request.input());
    }

    private static JsonNode json(String text) throws Exception {
        return MAPPER.readTree(text.replace('\'', '"'));
    }

    @Test
    void takesAStringForAMessageOfTheUser() throws Exception {
        assertThat(chat("'input':'hi'").get("messages")).isEqualTo(json("[{'role':'user','content':'hi'}]"));
    }

    @Test
    void putsTheInstructionsBeforeTheInputAndWhatTheDeveloperSaysAtItsBegin() throws Exception {
        JsonNode chat = chat("""
                'instructions':'be brief','input':[{'role':'developer','content':'be kind'},{'role':'user','content':'hi'},
                {'role':'system','content':'late'}]""");

        assertThat(chat.get("messages")).isEqualTo(json("""
                [{'role':'system','content':'be brief\\n\\nbe kind'},{'role':'user','content':'hi'},{'role':'system','content':'late'}]"""));
    }

    @Test
    void makesOneMessageOfWhatTheModelWroteInOneTurn() throws Exception {
        JsonNode chat = chat("""
                'input':[{'role':'user','content':[{'type':'input_text','text':'a'},{'type':'input_text','text':'b'}]},
                {'type':'reasoning','summary':[],'content':[{'type':'reasoning_text','text':'hm'}]},
                {'type':'message','role':'assistant','id':'msg_1','status':'completed','content':[{'type':'output_text','text':'let me see','annotations':[]}]},
                {'type':'function_call','call_id':'c1','name':'weather','arguments':'{}'},
                {'type':'function_call','call_id':'c2','name':'weather','arguments':'{\\"a\\":1}'},
                {'type':'function_call_output','call_id':'c1','output':'rain'},
                {'type':'function_call_output','call_id':'c2','output':[{'type':'input_text','text':'sun'}]},
                {'type':'reasoning','summary':[{'type':'summary_text','text':'so'}]},
                {'role':'assistant','content':'rain and sun'}]""");

        assertThat(chat.get("messages")).isEqualTo(json("""
                [{'role':'user','content':'ab'},
                {'role':'assistant','reasoning_content':'hm','content':'let me see','tool_calls':[
                {'id':'c1','type':'function','function':{'name':'weather','arguments':'{}'}},
                {'id':'c2','type':'function','function':{'name':'weather','arguments':'{\\"a\\":1}'}}]},
                {'role':'tool','tool_call_id':'c1','content':'rain'},{'role':'tool','tool_call_id':'c2','content':'sun'},
                {'role':'assistant','reasoning_content':'so','content':'rain and sun'}]"""));
    }

    @Test
    void writesToolsFormatLimitAndEffortAsAChatRequestDoes() throws Exception {
        JsonNode chat = chat("'input':'hi','tools':[" + TOOL + "],'tool_choice':{'type':'function','name':'weather'},'parallel_tool_calls':false,"
                + "'max_output_tokens':9,'temperature':0,'seed':3,'top_k':5,'include':['message.output_text.logprobs'],'top_logprobs':2,"
                + "'text':{'format':{'type':'json_schema','name':'n','schema':{'type':'object'},'strict':true}},'reasoning':{'effort':'none'},"
                + "'chat_template_kwargs':{'x':1}");

        assertThat(chat.get("tools")).isEqualTo(json(
                "[{'type':'function','function':{'name':'weather','description':'d','parameters':{'type':'object'},'strict':true}}]"));
        assertThat(chat.get("tool_choice")).isEqualTo(json("{'type':'function','function':{'name':'weather'}}"));
        assertThat(chat.get("response_format")).isEqualTo(json(
                "{'type':'json_schema','json_schema':{'name':'n','schema':{'type':'object'},'strict':true}}"));
        assertThat(chat.get("chat_template_kwargs")).isEqualTo(json("{'x':1}"));
        assertThat(chat.path("reasoning_effort").textValue()).isEqualTo("none");
        assertThat(chat.path("max_completion_tokens").intValue()).isEqualTo(9);
        assertThat(chat.path("logprobs").booleanValue()).isTrue();
        assertThat(chat.path("top_logprobs").intValue()).isEqualTo(2);
        assertThat(chat.path("seed").intValue()).isEqualTo(3);
        assertThat(chat.path("top_k").intValue()).isEqualTo(5);
        assertThat(chat.path("parallel_tool_calls").booleanValue()).isFalse();
        assertThat(chat.has("input") || chat.has("text") || chat.has("reasoning") || chat.has("max_output_tokens")).isFalse();
    }

    @Test
    void offersOnlyTheToolsAllowed() throws Exception {
        String other = TOOL.replace("weather", "time");
        JsonNode chat = chat("'input':'hi','tools':[" + TOOL + "," + other + "],'tool_choice':{'type':'allowed_tools','mode':'required','tools':"
                + "[{'type':'function','name':'time'}]}");

        assertThat(chat.get("tools")).hasSize(1);
        assertThat(chat.at("/tools/0/function/name").textValue()).isEqualTo("time");
        assertThat(chat.path("tool_choice").textValue()).isEqualTo("required");
    }

    @Test
    void repeatsTheSettingsWithTheirDefaults() throws Exception {
        JsonNode plain = parse("'input':'hi'").settings();

        assertThat(plain).isEqualTo(json("""
                {'background':false,'instructions':null,'max_output_tokens':null,'max_tool_calls':null,'metadata':{},'parallel_tool_calls':true,
                'previous_response_id':null,'prompt_cache_key':null,'reasoning':{'effort':null,'summary':null},'safety_identifier':null,'store':true,
                'text':{'format':{'type':'text'},'verbosity':'medium'},'tool_choice':'auto','tools':[],'top_logprobs':0,'truncation':'disabled',
                'user':null}"""));
        JsonNode full = parse("'input':'hi','store':false,'metadata':{'a':'b'},'user':'u','truncation':'auto','tools':[" + TOOL + "]").settings();
        assertThat(full.path("store").booleanValue()).isFalse();
        assertThat(full.path("metadata")).isEqualTo(json("{'a':'b'}"));
        assertThat(full.path("tools")).isEqualTo(json("[" + TOOL + "]"));
    }

    @Test
    void listsWhatItMakesNothingOf() throws Exception {
        assertThat(parse("'input':'hi','include':['reasoning.encrypted_content'],'reasoning':{'summary':'auto'},'text':{'verbosity':'low'}").unheeded())
                .containsExactlyInAnyOrder("include.reasoning.encrypted_content", "reasoning.summary", "text.verbosity");
        assertThat(parse("'input':'hi'").unheeded()).isEmpty();
    }

    @Test
    void knowsWhetherABodyTellsTheWholeConversation() throws Exception {
        assertThat(parse("'input':'hi'").selfContained()).isTrue();
        assertThat(parse("'input':'hi','previous_response_id':'resp_1'").selfContained()).isFalse();
        assertThat(parse("'input':[{'id':'msg_1'}]").selfContained()).isFalse();
        assertThat(parse("'input':[],'previous_response_id':'resp_1'").input()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'a':1 | input | MISSING_PARAMETER", "'input':5 | input | INVALID_TYPE", "'input':[] | input | INVALID_VALUE",
        "'input':[1] | input[0] | INVALID_TYPE", "'input':[{}] | input[0].id | MISSING_PARAMETER",
        "'input':[{'type':'web_search_call'}] | input[0].type | UNSUPPORTED_CONTENT",
        "'input':[{'role':'king','content':'x'}] | input[0].role | INVALID_VALUE",
        "'input':[{'role':'user'}] | input[0].content | MISSING_PARAMETER",
        "'input':[{'role':'user','content':1}] | input[0].content | INVALID_TYPE",
        "'input':[{'role':'user','content':[1]}] | input[0].content[0] | INVALID_TYPE",
        "'input':[{'role':'user','content':[{}]}] | input[0].content[0].type | MISSING_PARAMETER",
        "'input':[{'role':'user','content':[{'type':'input_image','image_url':'x'}]}] | input[0].content[0].type | UNSUPPORTED_CONTENT",
        "'input':[{'role':'user','content':[{'type':'input_text'}]}] | input[0].content[0].text | MISSING_PARAMETER",
        "'input':[{'type':'function_call','name':'x','arguments':''}] | input[0].call_id | MISSING_PARAMETER",
        "'input':[{'type':'function_call','call_id':'x','arguments':''}] | input[0].name | MISSING_PARAMETER",
        "'input':[{'type':'function_call','call_id':'x','name':'x','arguments':{}}] | input[0].arguments | INVALID_TYPE",
        "'input':[{'type':'function_call_output','call_id':'x'}] | input[0].output | MISSING_PARAMETER",
        "'input':[{'type':'function_call_output','call_id':'x','output':{}}] | input[0].output | INVALID_TYPE",
        "'input':[{'type':'reasoning','summary':[{'type':'x','text':''}]}] | input[0].summary[0].type | INVALID_VALUE",
        "'input':[{'type':'reasoning','content':5}] | input[0].content | INVALID_TYPE",
        "'input':[{'type':'message','id':'','role':'user','content':''}] | input[0].id | INVALID_VALUE",
        "'input':[{'type':'message','status':'x','role':'user','content':''}] | input[0].status | INVALID_VALUE"})
    void namesTheItemAtFault(String members, String param, ErrorCode code) {
        assertRefused(members, param, code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'background':true | background | UNSUPPORTED_PARAMETER", "'background':1 | background | INVALID_TYPE",
        "'conversation':'conv_1' | conversation | UNSUPPORTED_PARAMETER", "'prompt':{'id':'x'} | prompt | UNSUPPORTED_PARAMETER",
        "'messages':[] | messages | UNSUPPORTED_PARAMETER", "'max_tokens':5 | max_tokens | UNSUPPORTED_PARAMETER",
        "'response_format':{} | response_format | UNSUPPORTED_PARAMETER", "'n':2 | n | UNSUPPORTED_PARAMETER",
        "'tools':1 | tools | INVALID_TYPE", "'tools':[1] | tools[0] | INVALID_TYPE", "'tools':[{}] | tools[0].type | MISSING_PARAMETER",
        "'tools':[{'type':'web_search'}] | tools[0].type | UNSUPPORTED_PARAMETER",
        "'tools':[{'type':'function'}] | tools[0].name | MISSING_PARAMETER",
        "'tools':[{'type':'function','name':'x','parameters':1}] | tools[0].parameters | INVALID_TYPE",
        "'tools':[{'type':'function','name':'x','strict':1}] | tools[0].strict | INVALID_TYPE",
        "'tool_choice':'any' | tool_choice | INVALID_VALUE", "'tool_choice':5 | tool_choice | INVALID_TYPE",
        "'tool_choice':{'type':'file_search'} | tool_choice.type | UNSUPPORTED_PARAMETER",
        "'tool_choice':{'type':'function'} | tool_choice.name | MISSING_PARAMETER",
        "'tool_choice':{'type':'allowed_tools','tools':[{'name':'x'}]} | tool_choice.tools | INVALID_VALUE",
        "'text':1 | text | INVALID_TYPE", "'text':{'format':1} | text.format | INVALID_TYPE",
        "'text':{'format':{'type':'xml'}} | text.format.type | INVALID_VALUE",
        "'text':{'format':{'type':'json_schema','schema':{}}} | text.format.name | MISSING_PARAMETER",
        "'text':{'format':{'type':'json_schema','name':'x'}} | text.format.schema | MISSING_PARAMETER",
        "'text':{'verbosity':1} | text.verbosity | INVALID_TYPE", "'reasoning':1 | reasoning | INVALID_TYPE",
        "'reasoning':{'effort':'huge'} | reasoning.effort | INVALID_VALUE", "'include':'x' | include | INVALID_TYPE",
        "'include':['x'] | include[0] | INVALID_VALUE", "'include':[1] | include[0] | INVALID_TYPE",
        "'top_logprobs':3 | top_logprobs | INVALID_VALUE", "'top_logprobs':21 | top_logprobs | INVALID_VALUE",
        "'truncation':'middle' | truncation | INVALID_VALUE", "'store':'yes' | store | INVALID_TYPE",
        "'metadata':[] | metadata | INVALID_TYPE", "'metadata':{'a':1} | metadata.a | INVALID_TYPE",
        "'max_output_tokens':0 | max_output_tokens | INVALID_VALUE", "'max_output_tokens':'5' | max_output_tokens | INVALID_TYPE",
        "'instructions':[] | instructions | INVALID_TYPE", "'previous_response_id':5 | previous_response_id | INVALID_TYPE",
        "'user':5 | user | INVALID_TYPE", "'safety_identifier':5 | safety_identifier | INVALID_TYPE",
        "'parallel_tool_calls':1 | parallel_tool_calls | INVALID_TYPE"})
    void namesTheParameterAtFault(String members, String param, ErrorCode code) {
        assertRefused("'input':'hi'," + members, param, code);
    }

    @Test
    void boundsTheMetadata() {
        StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < 17; i++) {
            pairs.append(i == 0 ? "" : ",").append("'k").append(i).append("':''");
        }
        assertRefused("'input':'hi','metadata':{" + pairs + "}", "metadata", ErrorCode.INVALID_VALUE);
        assertRefused("'input':'hi','metadata':{'" + "k".repeat(65) + "':''}", "metadata", ErrorCode.INVALID_VALUE);
        assertRefused("'input':'hi','metadata':{'k':'" + "v".repeat(513) + "'}", "metadata", ErrorCode.INVALID_VALUE);
    }

    private void assertRefused(String members, String param, ErrorCode code) {
        ApiException refusal = catchThrowableOfType(ApiException.class, () -> parse(members));
        assertThat(refusal).as(members).isNotNull();
        assertThat(refusal.error()).as(refusal.getMessage()).isEqualTo(code);
        assertThat(refusal.param()).contains(param);
        assertThat(refusal.getMessage()).contains(param.substring(param.lastIndexOf('.') + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"response_format.json_schema.schema/a", "response_format"})
    void tellsWhatTheChatRequestRefusesInItsOwnNames(String param) {
        ApiException told = ChatNames.ofResponses(new ApiException(ErrorCode.INVALID_VALUE, "'" + param + "' is bad.", param));

        assertThat(told.param().orElseThrow()).startsWith("text.format");
        assertThat(told.getMessage()).contains("text.format").doesNotContain("response_format");
    }

    @Test
    void tellsOfToolsMessagesAndLimitsInItsOwnNames() {
        ApiException tool = ChatNames.ofResponses(new ApiException(
                ErrorCode.INVALID_VALUE, "'tools[2].function.name' is bad.", "tools[2].function.name"));
        assertThat(tool.param()).contains("tools[2].name");
        assertThat(tool.getMessage()).isEqualTo("'tools[2].name' is bad.");
        ApiException messages = ChatNames.ofResponses(new ApiException(
                ErrorCode.CONTEXT_LENGTH_EXCEEDED, "the messages take 9: shorten them.", "messages"));
        assertThat(messages.param()).contains("input");
        assertThat(ChatNames.ofResponses(new ApiException(ErrorCode.INVALID_VALUE, "x", null)).param()).isEmpty();
    }
}
