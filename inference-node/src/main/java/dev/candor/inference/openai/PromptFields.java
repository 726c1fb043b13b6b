package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.tools.ChatPrompt;
import java.util.List;
import java.util.Set;

/** Reads what a chat request's prompt is made of: messages, tools, and what it says to the model's template. */
public final class PromptFields {
    private static final int MAX_ARGUMENTS = 64;
    private static final int MAX_ARGUMENT_CHARACTERS = 65_536;
    private static final Set<String> TAKEN = Set.of("messages", "tools", "add_generation_prompt", "bos_token", "eos_token");
    private static final List<String> EFFORTS = List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

    private PromptFields() {}

    /** @throws ApiException naming the member at fault */
    public static ChatPrompt read(Fields request) throws ApiException {
        return new ChatPrompt(new Conversation(request).read(), new ToolFields(request).read(), templateArguments(request));
    }

    private static ObjectNode templateArguments(Fields request) throws ApiException {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        effort(request, arguments);
        JsonNode node = request.get("chat_template_kwargs").orElse(null);
        if (node == null) {
            return arguments;
        }
        if (!(node instanceof ObjectNode given)) {
            throw request.wrongType("chat_template_kwargs", "an object", node);
        }
        if (given.size() > MAX_ARGUMENTS || given.toString().length() > MAX_ARGUMENT_CHARACTERS) {
            throw request.invalid("chat_template_kwargs", "may have at most " + MAX_ARGUMENTS + " members, and " + MAX_ARGUMENT_CHARACTERS + " characters as JSON");
        }
        for (String name : TAKEN) {
            if (given.has(name)) {
                throw new Fields(given, "chat_template_kwargs.").invalid(name, "is not for the request to set: the node gives it to the template itself");
            }
        }
        return arguments.setAll(given);
    }

    /** Templates know the effort by its own name (gpt-oss), or as a switch (Qwen3, SmolLM3). */
    private static void effort(Fields request, ObjectNode arguments) throws ApiException {
        String effort = request.text("reasoning_effort").orElse(null);
        if (effort == null) {
            return;
        }
        if (!EFFORTS.contains(effort)) {
            throw request.invalid("reasoning_effort", "must be one of " + String.join(", ", EFFORTS) + ", got '" + effort + "'");
        }
        arguments.put("reasoning_effort", effort);
        if (effort.equals("none")) {
            arguments.put("enable_thinking", false);
        }
    }
}
