package dev.candor.inference.openai.tools;

import java.util.Optional;
import java.util.regex.Pattern;

/** Tells a template's format of calls by how it writes one. */
final class FormatDetection {
    private FormatDetection() {}

    /**
     * @param source the template
     * @param call   a conversation with a call in it as the template renders it; empty if it does not render calls
     * @param name   the called function's
     * @return empty if it is none that we know
     */
    static Optional<ToolFormat> of(String source, String call, String name) {
        String shown = call.isEmpty() ? source : call;
        if (shown.contains("[TOOL_CALLS]")) {
            boolean named = call.isEmpty() ? source.contains(ToolFormat.ARGS) : call.contains("[TOOL_CALLS]" + name);
            return Optional.of(named ? ToolFormat.MISTRAL_NAMED : ToolFormat.MISTRAL_LIST);
        }
        if (shown.contains(ToolFormat.CALL_BEGIN)) {
            return Optional.of(shown.contains("```json") ? ToolFormat.DEEPSEEK : ToolFormat.DEEPSEEK_NAMED);
        }
        if (shown.contains("<tool_call>") && !source.contains("<function=") && !source.contains("<arg_key>")) {
            return Optional.of(ToolFormat.HERMES);
        }
        if (Pattern.compile("\\{\"name\": ?\"" + name + "\", ?\"parameters\":").matcher(call).find() || source.contains("<|python_tag|>")) {
            return Optional.of(ToolFormat.LLAMA);
        }
        return source.contains("<start_of_turn>") ? Optional.of(ToolFormat.GEMMA) : Optional.empty();
    }
}
