package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Fields;
import dev.candor.inference.openai.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads the body of {@code POST /v1/responses}. What the Responses API has of its own is read here; all else is handed on to the chat request
 * that answers it, under the same names. Thread-safe.
 */
public final class ResponseRequestParser {
    /** {@code reasoning.effort}, as chat requests and templates name it. */
    public static final String EFFORT = "reasoning_effort";

    private static final String LOGPROBS = "message.output_text.logprobs";
    /** What else OpenAI lets a response include: nothing that this node has. */
    private static final Set<String> INCLUDABLE = Set.of(LOGPROBS, "reasoning.encrypted_content", "file_search_call.results",
            "web_search_call.results", "web_search_call.action.sources", "message.input_image.image_url",
            "computer_call_output.output.image_url", "code_interpreter_call.outputs");
    private static final Set<String> EFFORTS = Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");
    /** Members of a chat request, which would be ignored without a word, and what to write instead. */
    private static final Map<String, String> OF_CHAT = Map.of(
            "messages", "input",
            "max_tokens", "max_output_tokens",
            "max_completion_tokens", "max_output_tokens",
            "response_format", "text.format",
            "reasoning_effort", "reasoning.effort",
            "functions", "tools",
            "function_call", "tool_choice",
            "logprobs", "include");
    /** What this class reads, so that the chat request does not. */
    private static final Set<String> OWN = Set.of("input", "instructions", "max_output_tokens", "tools", "tool_choice", "text", "reasoning",
            "metadata", "store", "previous_response_id", "truncation", "include", "top_logprobs", "safety_identifier", "prompt_cache_key",
            "background", "conversation", "prompt", "n");
    private static final int MAX_TOP_LOGPROBS = 20;
    private static final int MAX_PAIRS = 16;
    private static final int MAX_KEY = 64;
    private static final int MAX_VALUE = 512;

    private final Json json;

    public ResponseRequestParser(Json json) {
        this.json = json;
    }

    /** @throws ApiException naming the member at fault */
    public ResponseRequest parse(byte[] body) throws ApiException {
        Fields fields = new Fields(json.object(body), "");
        refuseUnsupported(fields);
        List<String> unheeded = new ArrayList<>();
        FlatTools tools = new FlatTools(fields);
        TextSettings text = TextSettings.read(fields);
        if (text.verbose()) {
            unheeded.add("text.verbosity");
        }
        Fields reasoning = reasoning(fields, unheeded);
        Optional<String> effort = effort(reasoning);
        OptionalInt logprobs = logprobs(fields, unheeded);
        Optional<String> previous = fields.text("previous_response_id");
        List<ObjectNode> input = new InputReader(fields).read();
        Optional<String> instructions = fields.text("instructions");
        if (input.isEmpty() && previous.isEmpty()) {
            throw fields.invalid("input", "must not be empty");
        }
        return new ResponseRequest(
                fields.object(),
                instructions,
                input,
                previous,
                fields.flag("store", true),
                truncate(fields),
                effort,
                logprobs,
                settings(fields, tools, text, reasoning),
                chat(fields, tools, text, effort, logprobs),
                List.copyOf(unheeded));
    }

    private static void refuseUnsupported(Fields fields) throws ApiException {
        for (Map.Entry<String, String> other : OF_CHAT.entrySet()) {
            if (fields.get(other.getKey()).isPresent()) {
                throw fields.unsupported(other.getKey(), "is a parameter of /v1/chat/completions: here it is '" + other.getValue() + "'");
            }
        }
        if (fields.flag("background", false)) {
            throw fields.unsupported("background", "is not supported: leave it out, and stream the response if it takes long");
        }
        if (fields.get("conversation").isPresent()) {
            throw fields.unsupported("conversation", "is not supported: continue a response by 'previous_response_id', or send all items as 'input'");
        }
        if (fields.get("prompt").isPresent()) {
            throw fields.unsupported("prompt", "is not supported, since this node keeps no prompt templates: send 'instructions' and 'input'");
        }
        if (fields.integer("n", 1, Integer.MAX_VALUE).orElse(1) != 1) {
            throw fields.unsupported("n", "must be 1: a response has one output");
        }
    }

    private static Fields reasoning(Fields fields, List<String> unheeded) throws ApiException {
        JsonNode node = fields.get("reasoning").orElseGet(JsonNodeFactory.instance::objectNode);
        if (!(node instanceof ObjectNode object)) {
            throw fields.wrongType("reasoning", "an object", node);
        }
        Fields reasoning = new Fields(object, "reasoning.");
        for (String name : List.of("summary", "generate_summary")) {
            if (reasoning.text(name).isPresent()) {
                unheeded.add("reasoning." + name);
            }
        }
        return reasoning;
    }

    private static Optional<String> effort(Fields reasoning) throws ApiException {
        Optional<String> effort = reasoning.text("effort");
        if (effort.isPresent() && !EFFORTS.contains(effort.get())) {
            throw reasoning.invalid("effort", "must be one of none, minimal, low, medium, high, xhigh and max, got '" + effort.get() + "'");
        }
        return effort;
    }

    private static OptionalInt logprobs(Fields fields, List<String> unheeded) throws ApiException {
        JsonNode include = fields.get("include").orElseGet(JsonNodeFactory.instance::arrayNode);
        if (!include.isArray()) {
            throw fields.wrongType("include", "an array of strings", include);
        }
        boolean wanted = false;
        for (int i = 0; i < include.size(); i++) {
            JsonNode each = include.get(i);
            if (!each.isTextual()) {
                throw fields.wrongType("include[" + i + "]", "a string", each);
            }
            if (!INCLUDABLE.contains(each.textValue())) {
                throw fields.invalid("include[" + i + "]", "is nothing that can be included, got '" + each.textValue() + "'");
            }
            if (each.textValue().equals(LOGPROBS)) {
                wanted = true;
            } else {
                unheeded.add("include." + each.textValue());
            }
        }
        OptionalInt top = fields.integer("top_logprobs", 0, MAX_TOP_LOGPROBS);
        if (top.orElse(0) > 0 && !wanted) {
            throw fields.invalid("top_logprobs", "is only allowed when 'include' holds '" + LOGPROBS + "'");
        }
        return wanted ? OptionalInt.of(top.orElse(0)) : OptionalInt.empty();
    }

    private static boolean truncate(Fields fields) throws ApiException {
        String truncation = fields.text("truncation").orElse("disabled");
        return switch (truncation) {
            case "auto" -> true;
            case "disabled" -> false;
            default -> throw fields.invalid("truncation", "must be 'auto' or 'disabled', got '" + truncation + "'");
        };
    }

    /** Everything the response repeats but what only the chat request knows the defaults of. */
    private static ObjectNode settings(Fields fields, FlatTools tools, TextSettings text, Fields reasoning) throws ApiException {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        settings.put("background", false);
        settings.put("instructions", fields.text("instructions").orElse(null));
        OptionalInt most = fields.integer("max_output_tokens", 1, Integer.MAX_VALUE);
        settings.set("max_output_tokens", most.isPresent() ? JsonNodeFactory.instance.numberNode(most.getAsInt()) : null);
        settings.putNull("max_tool_calls");
        settings.set("metadata", metadata(fields));
        settings.put("parallel_tool_calls", fields.flag("parallel_tool_calls", true));
        settings.put("previous_response_id", fields.text("previous_response_id").orElse(null));
        settings.put("prompt_cache_key", fields.text("prompt_cache_key").orElse(null));
        settings.putObject("reasoning").put("effort", reasoning.text("effort").orElse(null)).putNull("summary");
        settings.put("safety_identifier", fields.text("safety_identifier").orElse(null));
        settings.put("store", fields.flag("store", true));
        settings.set("text", text.given());
        settings.set("tool_choice", tools.givenChoice());
        settings.set("tools", tools.given());
        settings.put("top_logprobs", fields.integer("top_logprobs", 0, MAX_TOP_LOGPROBS).orElse(0));
        settings.put("truncation", fields.text("truncation").orElse("disabled"));
        settings.put("user", fields.text("user").orElse(null));
        return settings;
    }

    private static ObjectNode metadata(Fields fields) throws ApiException {
        JsonNode node = fields.get("metadata").orElseGet(JsonNodeFactory.instance::objectNode);
        if (!(node instanceof ObjectNode metadata)) {
            throw fields.wrongType("metadata", "an object", node);
        }
        if (metadata.size() > MAX_PAIRS) {
            throw fields.invalid("metadata", "may have at most " + MAX_PAIRS + " pairs, got " + metadata.size());
        }
        for (Map.Entry<String, JsonNode> pair : metadata.properties()) {
            if (!pair.getValue().isTextual()) {
                throw fields.wrongType("metadata." + pair.getKey(), "a string", pair.getValue());
            }
            if (pair.getKey().length() > MAX_KEY || pair.getValue().textValue().length() > MAX_VALUE) {
                throw fields.invalid("metadata", "may have keys of at most " + MAX_KEY + " and values of at most " + MAX_VALUE + " characters");
            }
        }
        return metadata;
    }

    private static ObjectNode chat(Fields fields, FlatTools tools, TextSettings text, Optional<String> effort, OptionalInt logprobs)
            throws ApiException {
        ObjectNode chat = JsonNodeFactory.instance.objectNode();
        fields.object().properties().stream()
                .filter(member -> !OWN.contains(member.getKey()))
                .forEach(member -> chat.set(member.getKey(), member.getValue()));
        fields.integer("max_output_tokens", 1, Integer.MAX_VALUE).ifPresent(most -> chat.put("max_completion_tokens", most));
        text.format().ifPresent(format -> chat.set("response_format", format));
        logprobs.ifPresent(top -> chat.put("logprobs", true).put("top_logprobs", top));
        effort.ifPresent(word -> chat.put(EFFORT, word));
        tools.writeTo(chat);
        return chat;
    }
}
