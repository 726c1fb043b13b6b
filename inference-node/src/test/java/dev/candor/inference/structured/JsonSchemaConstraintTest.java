package dev.candor.inference.structured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which documents the automaton of a schema accepts. In the tables {@code '} stands for a double quote. */
class JsonSchemaConstraintTest {
    private static final String OBJECT = "{'type':'object','properties':{'a':{'type':'integer'},'b':{'type':'string'}},'required':['a'],'additionalProperties':false}";

    private static String quotes(String text) {
        return text.replace('\'', '"');
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        OBJECT + "; {'a':1}", OBJECT + "; {'a':1,'b':'x'}", OBJECT + "; { 'a': -12, 'b': '' }", OBJECT + "; {\\u000A  'a': 1\\u000A}",
        "{}; [1,{'a':[null,true]},'x',1.5e3]", "true; {'x':{}}", "{'type':'array','items':{'type':'boolean'}}; [true,false]",
        "{'type':'array','items':{'type':'boolean'}}; []", "{'type':'array','minItems':2,'maxItems':3,'items':{'type':'null'}}; [null, null]",
        "{'type':'array','minItems':2,'maxItems':3,'items':{'type':'null'}}; [null,null,null]",
        "{'type':'array','prefixItems':[{'type':'string'},{'type':'integer'}],'items':false}; ['a',1]",
        "{'type':'array','prefixItems':[{'type':'string'},{'type':'integer'}],'items':false}; ['a']",
        "{'enum':[1,'a',null,{'b':[1.0]}]}; {'b':[1]}", "{'const':'x\\ny'}; 'x\\ny'", "{'type':['string','null']}; null",
        "{'anyOf':[{'type':'integer'},{'type':'string','maxLength':2}]}; 'ab'", "{'type':'string','minLength':1,'maxLength':2}; '\\ud83d\\ude00é'",
        "{'type':'string','pattern':'b+'}; 'abc'", "{'type':'string','pattern':'^b+$'}; 'bb'", "{'type':'integer','minimum':-5,'maximum':17}; -5",
        "{'type':'integer','minimum':-5,'maximum':17}; 17", "{'type':'number','exclusiveMinimum':0,'maximum':1}; 0.001",
        "{'type':'number','exclusiveMinimum':0,'maximum':1}; 1.000", "{'type':'number','multipleOf':0.25}; 3.75", "{'type':'integer','multipleOf':7}; -49",
        "{'$ref':'#/$defs/n','$defs':{'n':{'type':'object','properties':{'next':{'$ref':'#/$defs/n'}},'additionalProperties':false}}}; {'next':{'next':{}}}",
        "{'allOf':[{'properties':{'a':{'type':'integer'}},'required':['a']},{'properties':{'a':{'minimum':3}}}],'type':'object'}; {'a':3,'z':null}",
        "{'oneOf':[{'properties':{'k':{'const':'x'}},'required':['k']},{'properties':{'k':{'const':'y'}},'required':['k']}],'type':'object'}; {'k':'y'}",
        "{'type':'object','patternProperties':{'^x':{'type':'integer'}},'additionalProperties':false}; {'xa':1,'x':2}",
        "{'type':'object','minProperties':1,'maxProperties':2,'additionalProperties':{'type':'null'}}; {'a':null}",
        "{'type':'object','propertyNames':{'pattern':'^[a-c]$'},'additionalProperties':{'type':'null'}}; {'a':null,'c':null}",
        "{'type':'object','required':['q']}; {'q':[]}", "{'format':'date','type':'string'}; '2024-02-29'", "{'type':'string','format':'ipv6'}; '::1'",
        "{'$anchor':'top','type':'array','items':{'$ref':'#top'}}; [[],[[]]]", "{'type':'string','format':'uuid'}; '01234567-89ab-cdef-0123-456789abcdef'",
    })
    void acceptsWhatIsValid(String schema, String document) throws UnsupportedGrammarException {
        assertThat(Acceptance.ofSchema(quotes(schema)).accepts(quotes(document.replace("\\u000A", "\n")))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        OBJECT + "; {}", OBJECT + "; {'b':'x'}", OBJECT + "; {'a':1.5}", OBJECT + "; {'a':1,}", OBJECT + "; {'a':1,'c':2}", OBJECT + "; {'a':1,'a':1}",
        OBJECT + "; {'a':01}", OBJECT + "; [1]", OBJECT + "; {'a':1}x", "{}; [1,]", "{}; {'a'}", "{}; 'a", "{}; '\\ud800'", "{}; nul", "false; 1",
        "{'type':'array','minItems':2,'maxItems':3,'items':{'type':'null'}}; [null]",
        "{'type':'array','minItems':2,'maxItems':3,'items':{'type':'null'}}; [null,null,null,null]",
        "{'type':'array','prefixItems':[{'type':'string'},{'type':'integer'}],'items':false}; ['a',1,2]",
        "{'enum':[1,'a']}; 2", "{'anyOf':[{'type':'integer'},{'type':'string','maxLength':2}]}; 'abc'",
        "{'type':'string','minLength':1,'maxLength':2}; ''", "{'type':'string','minLength':1,'maxLength':2}; 'éßü'",
        "{'type':'string','pattern':'^b+$'}; 'abc'", "{'type':'integer','minimum':-5,'maximum':17}; -6", "{'type':'integer','minimum':-5,'maximum':17}; 18",
        "{'type':'number','exclusiveMinimum':0,'maximum':1}; 0.000", "{'type':'number','exclusiveMinimum':0,'maximum':1}; 1.0001",
        "{'type':'number','multipleOf':0.25}; 3.7", "{'type':'integer','multipleOf':7}; 50", "{'type':'integer','multipleOf':7}; -0",
        "{'allOf':[{'properties':{'a':{'type':'integer'}},'required':['a']},{'properties':{'a':{'minimum':3}}}],'type':'object'}; {'a':2}",
        "{'oneOf':[{'properties':{'k':{'const':'x'}},'required':['k']},{'properties':{'k':{'const':'y'}},'required':['k']}],'type':'object'}; {'k':'z'}",
        "{'type':'object','patternProperties':{'^x':{'type':'integer'}},'additionalProperties':false}; {'a':1}",
        "{'type':'object','minProperties':1,'maxProperties':2,'additionalProperties':{'type':'null'}}; {}",
        "{'type':'object','minProperties':1,'maxProperties':2,'additionalProperties':{'type':'null'}}; {'a':null,'b':null,'c':null}",
        "{'type':'object','propertyNames':{'pattern':'^[a-c]$'},'additionalProperties':{'type':'null'}}; {'d':null}",
        "{'type':'object','additionalProperties':{'type':'null'}}; {'d':null,'d':null}", "{}; {'a':1,'b':2,'a':3}", "{}; [{'a':{'b':1,'b':2}}]",
        "{'format':'date','type':'string'}; '2023-02-29'", "{'type':'string','format':'ipv4'}; '1.2.3.256'", "{'type':'string','format':'time'}; '25:00:00Z'",
    })
    void refusesWhatIsNot(String schema, String document) throws UnsupportedGrammarException {
        if (schema.equals("false")) {
            assertThatThrownBy(() -> Acceptance.ofSchema(schema)).isInstanceOf(UnsupportedGrammarException.class);
            return;
        }
        assertThat(Acceptance.ofSchema(quotes(schema)).accepts(quotes(document))).isFalse();
    }
}
