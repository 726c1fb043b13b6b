package dev.candor.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.candor.inference.openai.tools.FunctionTool;
import dev.candor.inference.openai.tools.ToolChoice;
import dev.candor.inference.openai.tools.ToolRequest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolFieldsTest {
    private static final String F = "{'type':'function','function':{'name':'f','description':'does','parameters':{'type':'object','properties':{}},'strict':true}}";
    private static final String G = "{'type':'function','function':{'name':'g'}}";

    private static ToolRequest read(String members) throws ApiException {
        return new ToolFields(new Fields(new Json().object(("{" + members.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8)), "")).read();
    }

    @Test
    void readsTools() throws ApiException {
        ToolRequest request = read("'tools':[" + F + "," + G + "]");

        assertThat(request.tools()).extracting(FunctionTool::name).containsExactly("f", "g");
        assertThat(request.tools().getFirst().strict()).isTrue();
        assertThat(request.tools().getFirst().description()).contains("does");
        assertThat(request.tools().getFirst().param()).isEqualTo("tools[0].function");
        assertThat(request.tools().getLast().parameters()).isEmpty();
        assertThat(request.choice()).isEqualTo(new ToolChoice.Auto());
        assertThat(request.parallel()).isTrue();
        assertThat(request.legacy()).isFalse();
    }

    @Test
    void readsEveryChoice() throws ApiException {
        assertThat(read("'tools':[" + F + "],'tool_choice':'none'").choice()).isEqualTo(new ToolChoice.None());
        assertThat(read("'tools':[" + F + "],'tool_choice':'auto'").choice()).isEqualTo(new ToolChoice.Auto());
        assertThat(read("'tools':[" + F + "],'tool_choice':'required'").choice()).isEqualTo(new ToolChoice.Required());
        assertThat(read("'tools':[" + F + "," + G + "],'tool_choice':{'type':'function','function':{'name':'g'}}").choice()).isEqualTo(new ToolChoice.Named("g"));
        assertThat(read("'tools':[" + F + "],'parallel_tool_calls':false").parallel()).isFalse();
        assertThat(read("'tool_choice':'auto'").choice()).isEqualTo(new ToolChoice.None());
        assertThat(read("'tool_choice':'none','tools':null").choice()).isEqualTo(new ToolChoice.None());
    }

    @Test
    void allowedToolsNarrowWhatMayBeCalled() throws ApiException {
        ToolRequest request = read("'tools':[" + F + "," + G + "],'tool_choice':{'type':'allowed_tools','allowed_tools':{'mode':'required',"
                + "'tools':[{'type':'function','function':{'name':'g'}}]}}");

        assertThat(request.callable()).extracting(FunctionTool::name).containsExactly("g");
        assertThat(request.forced()).isTrue();
    }

    @Test
    void takesFunctionsAsTheOlderWayToSayTheSame() throws ApiException {
        ToolRequest request = read("'functions':[{'name':'f','parameters':{}}],'function_call':{'name':'f'}");

        assertThat(request.legacy()).isTrue();
        assertThat(request.single()).isTrue();
        assertThat(request.choice()).isEqualTo(new ToolChoice.Named("f"));
        assertThat(read("'functions':[{'name':'f'}]").choice()).isEqualTo(new ToolChoice.Auto());
        assertThat(read("'functions':[{'name':'f'}],'function_call':'none'").offered()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "'tools':1 | tools | INVALID_TYPE",
        "'tools':{} | tools | INVALID_TYPE",
        "'tools':[1] | tools[0] | INVALID_TYPE",
        "'tools':[{}] | tools[0].type | MISSING_PARAMETER",
        "'tools':[{'type':'web_search'}] | tools[0].type | UNSUPPORTED_PARAMETER",
        "'tools':[{'type':'function'}] | tools[0].function | MISSING_PARAMETER",
        "'tools':[{'type':'function','function':[]}] | tools[0].function | INVALID_TYPE",
        "'tools':[{'type':'function','function':{}}] | tools[0].function.name | MISSING_PARAMETER",
        "'tools':[{'type':'function','function':{'name':5}}] | tools[0].function.name | INVALID_TYPE",
        "'tools':[{'type':'function','function':{'name':'a b'}}] | tools[0].function.name | INVALID_VALUE",
        "'tools':[{'type':'function','function':{'name':''}}] | tools[0].function.name | INVALID_VALUE",
        "'tools':[{'type':'function','function':{'name':'f','description':5}}] | tools[0].function.description | INVALID_TYPE",
        "'tools':[{'type':'function','function':{'name':'f','parameters':'{}'}}] | tools[0].function.parameters | INVALID_TYPE",
        "'tools':[{'type':'function','function':{'name':'f','parameters':{'type':'string'}}}] | tools[0].function.parameters | INVALID_VALUE",
        "'tools':[{'type':'function','function':{'name':'f','strict':1}}] | tools[0].function.strict | INVALID_TYPE",
        "'tools':[{'type':'function','function':{'name':'f'}},{'type':'function','function':{'name':'f'}}] | tools[1].function.name | INVALID_VALUE",
        "'tool_choice':'required' | tool_choice | INVALID_VALUE",
        "'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':'sometimes' | tool_choice | INVALID_VALUE",
        "'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':5 | tool_choice | INVALID_TYPE",
        "'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':{} | tool_choice.type | MISSING_PARAMETER",
        "'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':{'type':'mcp'} | tool_choice.type | INVALID_VALUE",
        "'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':{'type':'function'} | tool_choice.function | MISSING_PARAMETER",
        "'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':{'type':'function','function':{'name':'g'}} | tool_choice.function.name | INVALID_VALUE",
        "'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':{'type':'allowed_tools','allowed_tools':{'mode':'x'}} | tool_choice.allowed_tools.mode | INVALID_VALUE",
        "'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':{'type':'allowed_tools','allowed_tools':{'mode':'auto','tools':[]}} | tool_choice.allowed_tools.tools | INVALID_VALUE",
        "'parallel_tool_calls':'yes' | parallel_tool_calls | INVALID_TYPE",
        "'functions':[{'name':'f'}],'tools':[{'type':'function','function':{'name':'f'}}] | functions | INVALID_VALUE",
        "'functions':[{'name':'f'}],'function_call':'required' | function_call | INVALID_VALUE",
        "'functions':[{'name':'f'}],'function_call':{'name':'g'} | function_call.name | INVALID_VALUE",
        "'tools':[{'type':'function','function':{'name':'f'}}],'function_call':{'name':'f'} | function_call | INVALID_VALUE",
    })
    void namesTheMemberAtFault(String members, String param, ErrorCode code) {
        ApiException refusal = catchThrowableOfType(ApiException.class, () -> read(members));
        assertThat(refusal).as(members).isNotNull();
        assertThat(refusal.param()).as(refusal.getMessage()).contains(param);
        assertThat(refusal.error()).as(refusal.getMessage()).isEqualTo(code);
    }

    @Test
    void takesNoMoreThan128Tools() {
        String tools = IntStream.range(0, 129).mapToObj(i -> "{'type':'function','function':{'name':'f" + i + "'}}").collect(Collectors.joining(","));
        assertThat(catchThrowableOfType(ApiException.class, () -> read("'tools':[" + tools + "]"))).hasMessageContaining("at most 128");
    }

    @Test
    void takesNoEndlessDescriptionsAndSchemas() {
        String long1 = "x".repeat(40_000);
        assertThat(catchThrowableOfType(ApiException.class, () -> read("'tools':[{'type':'function','function':{'name':'f','description':'" + long1 + "'}}]")).param())
                .contains("tools[0].function.description");
        String long2 = "x".repeat(300_000);
        assertThat(catchThrowableOfType(ApiException.class, () -> read("'tools':[{'type':'function','function':{'name':'f','parameters':{'title':'" + long2 + "'}}}]")).param())
                .contains("tools[0].function.parameters");
    }
}
