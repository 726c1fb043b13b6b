package dev.candor.client.examples;

import dev.candor.client.CandorClient;
import dev.candor.client.api.ChatAnswer;
import dev.candor.client.api.ChatMessage;
import dev.candor.client.api.ChatRequest;
import dev.candor.client.api.RecordAnswer;
import dev.candor.client.api.Tool;
import dev.candor.client.api.ToolCall;
import java.util.List;

/** Examples of chats, as the Javadoc shows them. */
public final class ChatExample {
    private ChatExample() {}

    // @start region="five-lines"
    public static void ask(String node, String model, String key) {
        try (CandorClient candor = CandorClient.connect(node).wallet(key).build()) {
            ChatAnswer answer = candor.chat(ChatRequest.of(model, "Hello!"));
            System.out.println(answer.text() + " " + answer.receipt().id());
        }
    }
    // @end

    public static ChatRequest request(String model) {
        // @start region="request"
        ChatRequest request = ChatRequest.builder(model)
                .system("Answer in one sentence.")
                .ask("Why is the sky blue?")
                .temperature(0.2)
                .maxTokens(100)
                .seed(42)
                .build();
        // @end
        return request;
    }

    // @start region="record"
    public record Weather(String city, double celsius, List<String> warnings) {}

    public static Weather weather(CandorClient candor, String model) {
        ChatRequest request = ChatRequest.builder(model).ask("The weather in Vienna: 3.5 degrees, ice on the roads.").maxTokens(200).build();
        RecordAnswer<Weather> answer = candor.chat(request, Weather.class);
        return answer.value();
    }
    // @end

    // @start region="tools"
    public record Place(String city) {}

    public static String withTool(CandorClient candor, String model) {
        ChatRequest request = ChatRequest.builder(model)
                .ask("How warm is it in Vienna?")
                .tool(Tool.of("temperature", "The temperature in a city, in degrees Celsius.", Place.class))
                .build();
        ChatAnswer answer = candor.chat(request);
        for (ToolCall call : answer.toolCalls()) {
            String result = call.arguments(Place.class).city().equals("Vienna") ? "3.5" : "unknown";
            request = request.plus(answer.message(), ChatMessage.tool(call, result));
        }
        return candor.chat(request).text();
    }
    // @end
}
