package dev.candor.inference.openai.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.tools.TemplateProfile.CallStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Gives a conversation the shape that a template can render. */
final class ConversationShaper {
    private static final String CALLS = "tool_calls";
    private static final String CONTENT = "content";
    private static final Pattern SHORT_ID = Pattern.compile("[a-zA-Z0-9]{9}");

    private final TemplateProfile profile;
    private final FormatWriter writer;

    ConversationShaper(TemplateProfile profile) {
        this.profile = profile;
        this.writer = new FormatWriter(profile.format());
    }

    ArrayNode shape(ChatPrompt prompt) {
        List<ObjectNode> messages = new ArrayList<>();
        prompt.messages().forEach(message -> messages.add(((ObjectNode) message).deepCopy()));
        List<ObjectNode> shaped = profile.rendersExchange() ? forTemplate(messages) : asText(messages);
        List<FunctionTool> offered = prompt.tools().offered();
        if (!offered.isEmpty() && profile.toolsVariable().isEmpty()) {
            teach(shaped, writer.teaching(offered));
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        shaped.forEach(array::add);
        return array;
    }

    private void teach(List<ObjectNode> messages, String teaching) {
        String role = profile.system() ? "system" : "user";
        Optional<ObjectNode> first = messages.stream().findFirst().filter(message -> message.path("role").asText().equals(role));
        if (first.isEmpty()) {
            messages.addFirst(JsonNodeFactory.instance.objectNode().put("role", role).put(CONTENT, teaching));
        } else if (profile.system()) {
            first.get().put(CONTENT, first.get().path(CONTENT).asText() + "\n\n" + teaching);
        } else {
            first.get().put(CONTENT, teaching + "\n\n" + first.get().path(CONTENT).asText());
        }
    }

    private List<ObjectNode> forTemplate(List<ObjectNode> messages) {
        CallStyle style = profile.calls().orElseThrow();
        List<ObjectNode> whole = style.besideContent() ? messages : CallSplitter.apart(messages);
        List<ObjectNode> shaped = style.several() ? whole : CallSplitter.single(whole);
        for (ObjectNode message : shaped) {
            if (profile.format().mistral()) {
                shorten(message, "tool_call_id");
                message.path(CALLS).forEach(call -> shorten((ObjectNode) call, "id"));
            }
            if (message.has(CALLS)) {
                style(message, style);
            }
        }
        return shaped;
    }

    private static void style(ObjectNode message, CallStyle style) {
        if (style.nullContent() && message.path(CONTENT).asText().isEmpty()) {
            message.putNull(CONTENT);
        }
        for (JsonNode call : message.path(CALLS)) {
            ObjectNode function = (ObjectNode) call.path("function");
            Optional<ObjectNode> arguments = PromptJson.object(function.path("arguments").asText());
            if (style.objectArguments()) {
                arguments.ifPresent(object -> function.set("arguments", object));
            } else if (function.path("arguments").asText().isBlank()) {
                function.put("arguments", "{}");
            }
        }
    }

    private static void shorten(ObjectNode object, String member) {
        String id = object.path(member).asText();
        if (object.has(member) && !SHORT_ID.matcher(id).matches()) {
            object.put(member, CallIds.shortId(id));
        }
    }

    /** Calls become a part of the assistant's text, and results what the user says next. */
    private List<ObjectNode> asText(List<ObjectNode> messages) {
        List<ObjectNode> shaped = new ArrayList<>();
        boolean joinable = false;
        for (ObjectNode message : messages) {
            boolean result = message.path("role").asText().equals("tool");
            if (result) {
                message.put("role", "user").put(CONTENT, writer.result(message.path(CONTENT).asText()));
                message.remove(List.of("tool_call_id", "name"));
            } else if (message.has(CALLS)) {
                message.put(CONTENT, withCalls(message));
                message.remove(CALLS);
            }
            boolean user = message.path("role").asText().equals("user");
            if (user && joinable && (result || profile.alternating())) {
                ObjectNode before = shaped.getLast();
                before.put(CONTENT, before.path(CONTENT).asText() + "\n" + message.path(CONTENT).asText());
            } else {
                shaped.add(message);
                joinable = result;
            }
        }
        return shaped;
    }

    private String withCalls(ObjectNode message) {
        List<FormatWriter.Call> calls = new ArrayList<>();
        message.path(CALLS).forEach(call -> calls.add(new FormatWriter.Call(
                call.path("function").path("name").asText(), call.path("function").path("arguments").asText())));
        String content = message.path(CONTENT).asText();
        return (content.isEmpty() ? "" : content + "\n") + writer.calls(calls);
    }
}
