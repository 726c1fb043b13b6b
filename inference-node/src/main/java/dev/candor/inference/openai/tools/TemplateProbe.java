package dev.candor.inference.openai.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.tools.TemplateProfile.CallStyle;
import dev.candor.inference.text.ChatTemplate;
import dev.candor.inference.text.TemplateException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds out what a template does with tools by rendering conversations with words in them that no template has of its own, and looking
 * for these words.
 */
final class TemplateProbe {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String FUNCTION = "candor_probe";
    private static final String SYSTEM = "candor-probe-system";
    private static final String SAID = "candor-probe-said";
    private static final String RESULT = "candor-probe-result";
    private static final String ARGUMENTS = "{\"probe_key\": \"probe value\"}";
    private static final Pattern ARGUMENTS_AS_JSON = Pattern.compile("\\{\\s*\"probe_key\":\\s*\"probe value\"\\s*}");
    private static final List<String> TOOL_VARIABLES = List.of("tools", "xml_tools");

    private final ChatTemplate template;
    private final Map<String, String> variables;

    TemplateProbe(ChatTemplate template, Map<String, String> variables) {
        this.template = template;
        this.variables = variables;
    }

    TemplateProfile profile() {
        Optional<CallStyle> calls = callStyle();
        Optional<ToolFormat> known = FormatDetection.of(template.source(), calls.flatMap(style -> render(exchange(style, 1), "")).orElse(""), FUNCTION);
        boolean results = calls.flatMap(style -> render(exchange(style, 1), "")).filter(text -> text.contains(RESULT)).isPresent();
        return new TemplateProfile(
                known.orElse(ToolFormat.HERMES),
                known.flatMap(format -> toolsVariable()),
                known.flatMap(format -> calls),
                results,
                render(system(), "").filter(text -> text.contains(SYSTEM)).isPresent(),
                render(messages().add(user()).add(user()), "").isEmpty(),
                ReasoningMarkers.in(template.source()));
    }

    private Optional<String> toolsVariable() {
        return TOOL_VARIABLES.stream().filter(name -> render(messages().add(user()), name).filter(text -> text.contains(FUNCTION)).isPresent()).findFirst();
    }

    private Optional<CallStyle> callStyle() {
        for (CallStyle style : List.of(style(true, false), style(true, true), style(false, false), style(false, true))) {
            if (told(exchange(style, 1), 1)) {
                ArrayNode said = exchange(style, 1);
                ((ObjectNode) said.get(1)).put("content", SAID);
                boolean besideContent = told(said, 1) && render(said, "").filter(text -> text.contains(SAID)).isPresent();
                return Optional.of(new CallStyle(style.objectArguments(), style.nullContent(), told(exchange(style, 2), 2), besideContent));
            }
        }
        return Optional.empty();
    }

    private static CallStyle style(boolean objectArguments, boolean nullContent) {
        return new CallStyle(objectArguments, nullContent, false, false);
    }

    private boolean told(ArrayNode exchange, int calls) {
        return render(exchange, "")
                .filter(text -> text.contains(FUNCTION) && ARGUMENTS_AS_JSON.matcher(text).results().count() == calls).isPresent();
    }

    private ArrayNode exchange(CallStyle style, int calls) {
        ObjectNode assistant = JSON.objectNode().put("role", "assistant").put("content", style.nullContent() ? null : "");
        ArrayNode list = assistant.putArray("tool_calls");
        ArrayNode messages = messages().add(user()).add(assistant);
        for (int i = 0; i < calls; i++) {
            String id = CallIds.shortId(Integer.toString(i));
            ObjectNode function = list.addObject().put("id", id).put("type", "function").putObject("function").put("name", FUNCTION);
            if (style.objectArguments()) {
                function.set("arguments", PromptJson.object(ARGUMENTS).orElseThrow());
            } else {
                function.put("arguments", ARGUMENTS);
            }
            messages.addObject().put("role", "tool").put("tool_call_id", id).put("name", FUNCTION).put("content", RESULT);
        }
        return messages;
    }

    private static ArrayNode system() {
        return messages().add(JSON.objectNode().put("role", "system").put("content", SYSTEM)).add(user());
    }

    private static ArrayNode messages() {
        return JSON.arrayNode();
    }

    private static ObjectNode user() {
        return JSON.objectNode().put("role", "user").put("content", "candor-probe-user");
    }

    /** @param toolsVariable empty for no tools */
    private Optional<String> render(ArrayNode messages, String toolsVariable) {
        ObjectNode names = JSON.objectNode();
        variables.forEach(names::put);
        names.set("messages", messages);
        names.put("add_generation_prompt", true);
        if (!toolsVariable.isEmpty()) {
            names.putArray(toolsVariable).add(new FunctionTool(FUNCTION, Optional.of(""), Optional.empty(), false, "").forTemplate());
        }
        try {
            return Optional.of(template.render(names));
        } catch (TemplateException e) {
            return Optional.empty();
        }
    }
}
