package dev.candor.client.langchain4j;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.candor.client.api.ChatMessage;
import dev.candor.client.api.ChatRequest;
import dev.candor.client.api.ResponseFormat;
import dev.candor.client.api.Role;
import dev.candor.client.api.Tool;
import dev.candor.client.api.ToolCall;
import dev.candor.client.api.ToolChoice;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says in the words of this SDK what LangChain4j asks. */
final class RequestMapping {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DEFAULT_SCHEMA_NAME = "answer";

    private RequestMapping() {}

    /** @throws UnsupportedFeatureException if something other than text is asked about */
    static ChatRequest request(dev.langchain4j.model.chat.request.ChatRequest asked) {
        ChatRequestParameters parameters = asked.parameters();
        if (parameters.modelName() == null) {
            throw new IllegalArgumentException("no model is named, neither in the request nor when the chat model was made");
        }
        ChatRequest.Builder builder = ChatRequest.builder(parameters.modelName());
        asked.messages().forEach(message -> builder.message(message(message)));
        options(parameters, builder);
        if (parameters.toolSpecifications() != null) {
            parameters.toolSpecifications().forEach(tool -> builder.tool(tool(tool)));
        }
        if (parameters.toolChoice() != null) {
            builder.toolChoice(switch (parameters.toolChoice()) {
                case AUTO -> ToolChoice.auto();
                case REQUIRED -> ToolChoice.required();
                case NONE -> ToolChoice.none();
            });
        }
        if (parameters.responseFormat() != null) {
            builder.format(format(parameters.responseFormat()));
        }
        return builder.build();
    }

    private static void options(ChatRequestParameters parameters, ChatRequest.Builder builder) {
        Optional.ofNullable(parameters.temperature()).ifPresent(builder::temperature);
        Optional.ofNullable(parameters.topP()).ifPresent(builder::topP);
        Optional.ofNullable(parameters.topK()).ifPresent(builder::topK);
        Optional.ofNullable(parameters.frequencyPenalty()).ifPresent(builder::frequencyPenalty);
        Optional.ofNullable(parameters.presencePenalty()).ifPresent(builder::presencePenalty);
        Optional.ofNullable(parameters.maxOutputTokens()).ifPresent(builder::maxTokens);
        List<String> stops = parameters.stopSequences();
        if (stops != null && !stops.isEmpty()) {
            builder.stop(stops.toArray(String[]::new));
        }
    }

    private static ChatMessage message(dev.langchain4j.data.message.ChatMessage message) {
        return switch (message) {
            case SystemMessage system -> ChatMessage.system(system.text());
            case UserMessage user -> ChatMessage.user(user.contents().stream().map(RequestMapping::text).collect(Collectors.joining("\n")));
            case AiMessage ai -> new ChatMessage(Role.ASSISTANT, Optional.ofNullable(ai.text()), Optional.empty(), calls(ai), Optional.empty());
            case ToolExecutionResultMessage result -> ChatMessage.tool(result.id(), result.text());
            default -> throw new UnsupportedFeatureException("messages of the type " + message.type() + " cannot be sent to a Candor node");
        };
    }

    private static String text(Content content) {
        if (content instanceof TextContent text) {
            return text.text();
        }
        throw new UnsupportedFeatureException("contents of the type " + content.type() + " cannot be sent to a Candor node: its models read text");
    }

    private static List<ToolCall> calls(AiMessage ai) {
        return ai.toolExecutionRequests().stream().map(call -> new ToolCall(call.id(), call.name(), call.arguments())).toList();
    }

    private static Tool tool(ToolSpecification tool) {
        boolean strict = Boolean.TRUE.equals(tool.strict());
        JsonNode parameters = tool.parameters() == null
                ? JsonNodeFactory.instance.objectNode().put("type", "object").set("properties", JsonNodeFactory.instance.objectNode())
                : schema(tool.parameters(), strict);
        return new Tool(tool.name(), tool.description() == null ? "" : tool.description(), parameters, strict);
    }

    private static ResponseFormat format(dev.langchain4j.model.chat.request.ResponseFormat format) {
        if (format.type() == ResponseFormatType.TEXT) {
            return ResponseFormat.text();
        }
        if (format.jsonSchema() == null) {
            return ResponseFormat.jsonObject();
        }
        String name = format.jsonSchema().name() == null ? DEFAULT_SCHEMA_NAME : format.jsonSchema().name();
        return new ResponseFormat.JsonSchema(name, schema(format.jsonSchema().rootElement(), true), true);
    }

    /** @param strict allows no members but those named, and requires all; those that may be missing may be null then */
    private static JsonNode schema(JsonSchemaElement element, boolean strict) {
        return JSON.valueToTree(JsonSchemaElementUtils.toMap(element, strict));
    }
}
