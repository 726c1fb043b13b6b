package dev.candor.inference.openai.responses;

import dev.candor.inference.openai.ApiException;
import java.util.regex.Pattern;

/** Tells a refusal of the chat request in the names of the request that was sent. */
public final class ChatNames {
    private static final Pattern TOOL = Pattern.compile("tools\\[(\\d+)]\\.function\\b");

    private ChatNames() {}

    /** The same refusal, for the one who sent a request of {@code /v1/responses}. */
    public static ApiException ofResponses(ApiException chat) {
        String message = renamed(chat.getMessage());
        ApiException told = new ApiException(chat.error(), message, chat.param().map(ChatNames::renamed).orElse(null));
        chat.headers().forEach((name, value) -> {
            if (!name.startsWith("retry-after") && !name.equals("x-should-retry")) {
                told.header(name, value);
            }
        });
        return told;
    }

    private static String renamed(String text) {
        String flat = TOOL.matcher(text).replaceAll("tools[$1]");
        return flat.replace("tool_choice.function.", "tool_choice.")
                .replace("tool_choice.function", "tool_choice")
                .replace("response_format.json_schema", "text.format")
                .replace("response_format", "text.format")
                .replace("max_completion_tokens", "max_output_tokens")
                .replaceAll("\\bmax_tokens\\b", "max_output_tokens")
                .replaceAll("\\bmessages\\b(?!\\[)", "input")
                .replaceAll("\\bmessages\\[\\d+]", "input");
    }
}
