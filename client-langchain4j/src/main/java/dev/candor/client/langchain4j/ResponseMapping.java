package dev.candor.client.langchain4j;

import dev.candor.client.api.ChatAnswer;
import dev.candor.client.api.FinishReason;
import dev.candor.client.api.ToolCall;
import dev.candor.client.api.Usage;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;

/** Says in LangChain4j's words what was answered. */
final class ResponseMapping {
    private ResponseMapping() {}

    static ChatResponse response(ChatAnswer answer) {
        AiMessage.Builder message = AiMessage.builder()
                .text(answer.message().content().filter(text -> !text.isEmpty() || answer.toolCalls().isEmpty()).orElse(null))
                .toolExecutionRequests(answer.toolCalls().stream().map(ResponseMapping::call).toList());
        answer.message().reasoning().ifPresent(message::thinking);
        return ChatResponse.builder()
                .aiMessage(message.build())
                .metadata(new CandorChatResponseMetadata.Builder(answer.proof())
                        .id(answer.id())
                        .modelName(answer.model())
                        .tokenUsage(usage(answer.usage()))
                        .finishReason(reason(answer.finishReason()))
                        .build())
                .build();
    }

    static ToolExecutionRequest call(ToolCall call) {
        return ToolExecutionRequest.builder().id(call.id()).name(call.name()).arguments(call.arguments()).build();
    }

    static TokenUsage usage(Usage usage) {
        return new TokenUsage(usage.promptTokens(), usage.completionTokens(), usage.totalTokens());
    }

    private static dev.langchain4j.model.output.FinishReason reason(FinishReason reason) {
        return switch (reason) {
            case STOP -> dev.langchain4j.model.output.FinishReason.STOP;
            case LENGTH -> dev.langchain4j.model.output.FinishReason.LENGTH;
            case TOOL_CALLS -> dev.langchain4j.model.output.FinishReason.TOOL_EXECUTION;
            case CONTENT_FILTER -> dev.langchain4j.model.output.FinishReason.CONTENT_FILTER;
            case TIMEOUT, CANCELLED, OTHER -> dev.langchain4j.model.output.FinishReason.OTHER;
        };
    }
}
