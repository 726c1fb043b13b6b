package dev.candor.inference.openai.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.text.ChatTemplate;
import dev.candor.inference.text.TemplateException;
import dev.candor.inference.text.jinja.JinjaChatTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Templates to try tools with. */
final class Templates {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-26T09:05:07Z"), ZoneOffset.UTC);
    private static final Map<String, String> VARIABLES = Map.of("bos_token", "<s>", "eos_token", "</s>");

    /** ChatML that shows nothing but roles and contents, as the demo model's. */
    static final String CHATML = "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    /** The tool section of SmolLM3: tools under a name of their own, as Python writes them; no calls. */
    static final String XML_TOOLS = "{% if xml_tools %}<|im_start|>system\n### Tools\n<tools>\n{% for tool in xml_tools %}{{ tool | string }}\n{% endfor %}</tools>\n"
            + "For each call: <tool_call>\n{\"name\": <name>, \"arguments\": <arguments>}\n</tool_call><|im_end|>\n{% endif %}"
            + "{% for m in messages %}<|im_start|>{{ 'user' if m.role == 'tool' else m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n"
            + "{% if enable_thinking is defined and not enable_thinking %}<think>\n\n</think>\n{% endif %}";

    /** Mistral as of version 3 of its tokenizer: ids of nine characters, one list of calls, no system role but before the last user. */
    static final String MISTRAL = "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}{% if loop.last and tools %}[AVAILABLE_TOOLS] {{ tools | tojson }}[/AVAILABLE_TOOLS]{% endif %}"
            + "[INST] {{ m.content }}[/INST]{% elif m.tool_calls is defined and m.tool_calls is not none %}[TOOL_CALLS] [{% for c in m.tool_calls %}"
            + "{% if c.id | length != 9 %}{{ raise_exception('Tool call IDs should be alphanumeric strings with length 9!') }}{% endif %}"
            + "{\"name\": \"{{ c.function.name }}\", \"arguments\": {{ c.function.arguments | tojson }}, \"id\": \"{{ c.id }}\"}{% if not loop.last %}, {% endif %}{% endfor %}]{{ eos_token }}"
            + "{% elif m.role == 'tool' %}{% if m.tool_call_id | length != 9 %}{{ raise_exception('length 9!') }}{% endif %}[TOOL_RESULTS] {\"content\": {{ m.content }}, \"call_id\": \"{{ m.tool_call_id }}\"}[/TOOL_RESULTS]"
            + "{% elif m.role == 'assistant' %} {{ m.content }}{{ eos_token }}{% else %}{{ raise_exception('Only user, assistant and tool roles are supported') }}{% endif %}{% endfor %}";

    /** Mistral as of version 13. */
    static final String MISTRAL_NAMED = "{% if tools %}[AVAILABLE_TOOLS]{{ tools | tojson }}[/AVAILABLE_TOOLS]{% endif %}{% for m in messages %}"
            + "{% if m.role == 'assistant' and m.tool_calls %}{% for c in m.tool_calls %}[TOOL_CALLS]{{ c.function.name }}[ARGS]{{ c.function.arguments if c.function.arguments is string"
            + " else c.function.arguments | tojson }}{% endfor %}</s>{% elif m.role == 'tool' %}[TOOL_RESULTS]{{ m.content }}[/TOOL_RESULTS]"
            + "{% elif m.role == 'system' %}[SYSTEM_PROMPT]{{ m.content }}[/SYSTEM_PROMPT]{% else %}[INST]{{ m.content }}[/INST]{% endif %}{% endfor %}";

    /** Teaches a format of XML that this node does not read. */
    static final String XML_CALLS = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}{% for c in m.tool_calls or [] %}<tool_call>\n<function={{ c.function.name }}>"
            + "{{ c.function.arguments | tojson }}</function>\n</tool_call>{% endfor %}<|im_end|>\n{% endfor %}{% if tools %}{{ tools | tojson }}{% endif %}<|im_start|>assistant\n";

    private Templates() {}

    static ChatTemplate parse(String source) {
        try {
            return JinjaChatTemplate.parse(source, CLOCK);
        } catch (TemplateException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static ChatTools tools(String source) {
        return ChatTools.of(parse(source), VARIABLES, text -> false);
    }

    /** A template of the shared test vectors. */
    static String shared(String name) throws IOException {
        Path file = Path.of(System.getProperty("candor.shared", ""), "vectors", "templates", name + ".jinja");
        Assumptions.assumeTrue(Files.isRegularFile(file), "no shared test vectors here");
        return Files.readString(file);
    }

    static String render(String source, ChatPrompt prompt) throws TemplateException {
        ObjectNode names = JsonNodeFactory.instance.objectNode();
        VARIABLES.forEach(names::put);
        tools(source).variables(prompt, names);
        return parse(source).render(names.put("add_generation_prompt", true));
    }

    static ChatPrompt prompt(ToolRequest tools, String... messages) throws IOException {
        ArrayNode list = JSON.createArrayNode();
        for (String message : messages) {
            list.add(JSON.readTree(message.replace('\'', '"')));
        }
        return new ChatPrompt(list, tools, JSON.createObjectNode());
    }

    static ToolRequest weather() throws IOException {
        JsonNode schema = JSON.readTree("{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}");
        return new ToolRequest(List.of(new FunctionTool("get_weather", Optional.of("Looks the weather up."), Optional.of((ObjectNode) schema), false,
                "tools[0].function")), new ToolChoice.Auto(), true, false);
    }

    /** An assistant's call in the form of {@link ChatPrompt}. */
    static String call(String id, String city) {
        return "{'id':'" + id + "','type':'function','function':{'name':'get_weather','arguments':'{\\'city\\': \\'" + city + "\\'}'}}";
    }

    static String assistant(String content, String... calls) {
        return "{'role':'assistant','content':'" + content + "','tool_calls':[" + String.join(",", calls) + "]}";
    }

    static String result(String id, String content) {
        return "{'role':'tool','tool_call_id':'" + id + "','name':'get_weather','content':'" + content + "'}";
    }

    static String user(String content) {
        return "{'role':'user','content':'" + content + "'}";
    }
}
