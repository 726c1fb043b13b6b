package dev.candor.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.candor.attestation.receipt.Verification;
import dev.candor.inference.engine.Priority;
import dev.candor.inference.engine.sampling.LogitBias;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatRequestParserTest {
    private static final String MINIMAL = "{'model':'m','messages':[{'role':'user','content':'hi'}]}";

    private final ChatRequestParser parser = new ChatRequestParser(new Json());

    @Test
    void fillsInOpenAisDefaults() throws ApiException {
        ChatRequest request = parse(MINIMAL);

        assertThat(request.model()).isEqualTo("m");
        assertThat(request.streaming().stream()).isFalse();
        assertThat(request.streaming().includeUsage()).isFalse();
        assertThat(request.maxTokens()).isEmpty();
        assertThat(request.decoding()).isEqualTo(new Decoding(1, 1, 0, 0, 0, 0, 1, OptionalLong.empty(), LogitBias.none(), List.of(), 0, false));
        assertThat(request.choices()).isEqualTo(1);
        assertThat(request.logprobs()).isEmpty();
        assertThat(request.ignored()).isEmpty();
        assertThat(request.verification()).isEqualTo(Verification.TEE);
        assertThat(request.service()).isEqualTo(new Service(Priority.INTERACTIVE, ""));
    }

    @Test
    void readsHowTheAnswerIsToBeMade() throws ApiException {
        assertThat(parse(with("'service_tier':'flex','cache_salt':'s'")).service()).isEqualTo(new Service(Priority.BATCH, "s"));
        assertThat(parse(with("'service_tier':'auto'")).service().priority()).isEqualTo(Priority.INTERACTIVE);
        assertThatThrownBy(() -> parse(with("'service_tier':'gold'"))).isInstanceOf(ApiException.class).hasMessageContaining("service_tier");
        assertThatThrownBy(() -> parse(with("'cache_salt':''"))).isInstanceOf(ApiException.class).hasMessageContaining("1 to 256");
        assertThatThrownBy(() -> parse(with("'cache_salt':7"))).isInstanceOf(ApiException.class).hasMessageContaining("a string");
    }

    @Test
    void readsEveryParameter() throws ApiException {
        ChatRequest request = parse(with("'stream':true,'stream_options':{'include_usage':true},'max_completion_tokens':9,'temperature':0.5,"
                + "'top_p':0.9,'top_k':40,'min_p':0.1,'frequency_penalty':-1,'presence_penalty':1.5,'repetition_penalty':1.1,'seed':-3,"
                + "'stop':['a','b'],'min_tokens':2,'ignore_eos':true,'user':'u','metadata':{'k':'v'},'verification':'none','n':3,'logprobs':true,'top_logprobs':5"));

        assertThat(request.streaming().stream()).isTrue();
        assertThat(request.streaming().includeUsage()).isTrue();
        assertThat(request.maxTokens()).hasValue(9);
        assertThat(request.decoding())
                .isEqualTo(new Decoding(0.5, 0.9, 40, 0.1, -1, 1.5, 1.1, OptionalLong.of(-3), LogitBias.none(), List.of("a", "b"), 2, true));
        assertThat(request.choices()).isEqualTo(3);
        assertThat(request.logprobs()).hasValue(5);
        assertThat(request.ignored()).isEmpty();
        assertThat(request.verification()).isEqualTo(Verification.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "'response_format':{'type':'json_object'} | response_format.type",
        "'response_format':{'type':'json_object','schema':{'type':'object'}} | response_format.schema",
        "'response_format':{'type':'json_schema','json_schema':{'name':'a','strict':true,'schema':{'type':'object'}}} | response_format.json_schema.schema",
        "'guided_json':{'type':'object'} | guided_json",
        "'structured_outputs':{'json':'{}'} | structured_outputs.json",
        "'structured_outputs':{'json_object':true} | structured_outputs.json_object",
        "'guided_regex':'a+' | guided_regex",
        "'guided_choice':['a','b'] | guided_choice",
    })
    void readsTheFormOfTheAnswerInEverySpelling(String members, String param) throws ApiException {
        ChatRequest request = parse(with(members));

        assertThat(request.format().orElseThrow().param()).isEqualTo(param);
        assertThat(request.ignored()).isEmpty();
    }

    @Test
    void joinsTextPartsAndCallsADeveloperSystem() throws ApiException {
        ChatRequest request = parse("{'model':'m','messages':[{'role':'developer','content':'be brief'},"
                + "{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]},{'role':'assistant'}]}");

        assertThat(request.prompt().messages().path(0).path("role").asText()).isEqualTo("system");
        assertThat(request.prompt().messages().path(1).path("content").asText()).isEqualTo("ab");
        assertThat(request.prompt().messages().path(2).path("content").asText()).isEmpty();
    }

    @Test
    void acceptsAndListsUnknownMembersAndReadsNullsAsAbsent() throws ApiException {
        ChatRequest request = parse(with("'wisdom':{'deep':[1]},'temperature':null,'void':null,'tools':[],'response_format':{'type':'text'},'stop':'x'"));

        assertThat(request.decoding().stop()).containsExactly("x");
        assertThat(request.ignored()).containsExactly("wisdom");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "'temperature':'hot'                        | temperature            | invalid_type",
        "'temperature':2.5                          | temperature            | invalid_value",
        "'temperature':-0.1                         | temperature            | invalid_value",
        "'top_p':-0.1                               | top_p                  | invalid_value",
        "'top_p':1.1                                | top_p                  | invalid_value",
        "'top_k':1.5                                | top_k                  | invalid_type",
        "'min_p':2                                  | min_p                  | invalid_value",
        "'frequency_penalty':3                      | frequency_penalty      | invalid_value",
        "'presence_penalty':true                    | presence_penalty       | invalid_type",
        "'repetition_penalty':0                     | repetition_penalty     | invalid_value",
        "'seed':'x'                                 | seed                   | invalid_type",
        "'seed':1e99                                | seed                   | invalid_type",
        "'seed':99999999999999999999                | seed                   | invalid_value",
        "'max_tokens':0                             | max_tokens             | invalid_value",
        "'max_tokens':'12'                          | max_tokens             | invalid_type",
        "'max_tokens':1,'max_completion_tokens':2   | max_completion_tokens  | invalid_value",
        "'min_tokens':-1                            | min_tokens             | invalid_value",
        "'stream':'yes'                             | stream                 | invalid_type",
        "'stream_options':{}                        | stream_options         | invalid_value",
        "'stream':true,'stream_options':1           | stream_options         | invalid_type",
        "'stop':['a','b','c','d','e']               | stop                   | invalid_value",
        "'stop':[1]                                 | stop                   | invalid_type",
        "'stop':''                                  | stop                   | invalid_value",
        "'n':0                                      | n                      | invalid_value",
        "'n':129                                    | n                      | invalid_value",
        "'n':'2'                                    | n                      | invalid_type",
        "'logprobs':3                               | logprobs               | invalid_type",
        "'top_logprobs':2                           | top_logprobs           | invalid_value",
        "'logprobs':true,'top_logprobs':21          | top_logprobs           | invalid_value",
        "'logit_bias':[1]                           | logit_bias             | invalid_type",
        "'logit_bias':{'a':2}                       | logit_bias             | invalid_value",
        "'logit_bias':{'01':2}                      | logit_bias             | invalid_value",
        "'logit_bias':{'1':100.1}                   | logit_bias             | invalid_value",
        "'logit_bias':{'1':'2'}                     | logit_bias.1           | invalid_type",
        "'tools':[{'type':'function'}]              | tools[0].function      | missing_required_parameter",
        "'tools':{}                                 | tools                  | invalid_type",
        "'response_format':'json'                   | response_format        | invalid_type",
        "'response_format':{}                       | response_format.type   | missing_required_parameter",
        "'response_format':{'type':'xml'}           | response_format.type   | invalid_value",
        "'response_format':{'type':'json_schema'}   | response_format.json_schema | missing_required_parameter",
        "'response_format':{'type':'json_schema','json_schema':{'schema':{}}} | response_format.json_schema.name | missing_required_parameter",
        "'response_format':{'type':'json_schema','json_schema':{'name':'a b','schema':{}}} | response_format.json_schema.name | invalid_value",
        "'response_format':{'type':'json_schema','json_schema':{'name':'a'}} | response_format.json_schema.schema | missing_required_parameter",
        "'response_format':{'type':'json_schema','json_schema':{'name':'a','schema':[]}} | response_format.json_schema.schema | invalid_type",
        "'guided_choice':[]                         | guided_choice          | invalid_value",
        "'guided_choice':'a'                        | guided_choice          | invalid_type",
        "'guided_choice':['a',1]                    | guided_choice          | invalid_value",
        "'guided_regex':1                           | guided_regex           | invalid_type",
        "'guided_json':'{'                          | guided_json            | invalid_value",
        "'structured_outputs':{'regex':'a','choice':['b']} | structured_outputs.choice | invalid_value",
        "'structured_outputs':{'grammar':'x'}       | structured_outputs.grammar | unsupported_parameter",
        "'modalities':['audio']                     | modalities             | unsupported_parameter",
        "'web_search':true                          | web_search             | unsupported_parameter",
        "'web_search_options':{}                    | web_search_options     | unsupported_parameter",
        "'audio':{'voice':'x'}                      | audio                  | unsupported_parameter",
        "'verification':'zk'                        | verification           | invalid_value",
        "'verification':1                           | verification           | invalid_type",
        "'user':1                                   | user                   | invalid_type",
        "'metadata':'x'                             | metadata               | invalid_type",
        "'ignore_eos':1                             | ignore_eos             | invalid_type",
    })
    void namesTheParameterAtFault(String members, String param, String code) {
        assertRefused(with(members), param, code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "{'messages':[]}                                                              | model                        | missing_required_parameter",
        "{'model':'m'}                                                                | messages                     | missing_required_parameter",
        "{'model':1,'messages':[]}                                                    | model                        | invalid_type",
        "{'model':'m','messages':[]}                                                  | messages                     | invalid_value",
        "{'model':'m','messages':'hi'}                                                | messages                     | invalid_type",
        "{'model':'m','messages':['hi']}                                              | messages[0]                  | invalid_type",
        "{'model':'m','messages':[{'content':'x'}]}                                   | messages[0].role             | missing_required_parameter",
        "{'model':'m','messages':[{'role':'king','content':'x'}]}                     | messages[0].role             | invalid_value",
        "{'model':'m','messages':[{'role':'user'}]}                                   | messages[0].content          | missing_required_parameter",
        "{'model':'m','messages':[{'role':'user','content':7}]}                       | messages[0].content          | invalid_type",
        "{'model':'m','messages':[{'role':'user','content':[{'type':'image_url'}]}]}  | messages[0].content[0].type  | unsupported_content",
        "{'model':'m','messages':[{'role':'user','content':[{'type':'text'}]}]}       | messages[0].content[0].text  | missing_required_parameter",
        "{'model':'m','messages':[{'role':'user','content':['x']}]}                   | messages[0].content[0]       | invalid_type",
    })
    void namesThePlaceInTheMessages(String body, String param, String code) {
        assertRefused(body, param, code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"''", "[]", "{", "{'a':1,'a':2}", "{}{}", "nul"})
    void refusesWhatIsNotOneJsonObject(String body) {
        assertRefused(body, null, "invalid_json");
    }

    @Test
    void refusesDeepNesting() {
        assertRefused(with("'x':" + "[".repeat(2000) + "]".repeat(2000)), null, "invalid_json");
    }

    @FuzzTest
    void answersAnyBytesWithAnErrorOfTheTable(byte[] body) {
        parseOrRefuse(body);
    }

    @Test
    void answersMutatedRequestsWithAnErrorOfTheTable() {
        Random random = new Random(20_261_121);
        byte[] seed = with("'stop':['a'],'seed':1,'stream':true,'stream_options':{'include_usage':true}").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 5_000; i++) {
            byte[] body = seed.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            parseOrRefuse(body);
        }
    }

    private void parseOrRefuse(byte[] body) {
        try {
            assertThat(parser.parse(body).prompt().messages()).isNotEmpty();
        } catch (ApiException e) {
            assertThat(e.error().status()).isEqualTo(400);
        } catch (RuntimeException e) {
            fail("a body must be read or refused", e);
        }
    }

    private ChatRequest parse(String body) throws ApiException {
        return parser.parse(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static String with(String members) {
        return MINIMAL.substring(0, MINIMAL.length() - 1) + "," + members + "}";
    }

    private void assertRefused(String body, String param, String code) {
        assertThatThrownBy(() -> parse(body)).isInstanceOfSatisfying(ApiException.class, refused -> {
            assertThat(refused.error().code()).isEqualTo(code);
            assertThat(refused.param().orElse(null)).isEqualTo(param);
            assertThat(refused.body().path("error").has("param")).isTrue();
        });
    }
}
