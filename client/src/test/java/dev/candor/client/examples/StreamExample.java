package dev.candor.client.examples;

import dev.candor.client.CandorClient;
import dev.candor.client.ChatListener;
import dev.candor.client.ChatStream;
import dev.candor.client.api.ChatAnswer;
import dev.candor.client.api.ChatRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Examples of answers that come in parts, as the Javadoc shows them. */
public final class StreamExample {
    private StreamExample() {}

    // @start region="stream"
    public static String stream(CandorClient candor, ChatRequest request, Consumer<String> screen) {
        try (ChatStream stream = candor.stream(request)) {
            stream.text().forEach(screen); // ends by an exception where the answer does not verify
            return stream.answer().receipt().id();
        }
    }
    // @end

    // @start region="async"
    public static CompletableFuture<String> later(CandorClient candor, ChatRequest request, Consumer<String> screen) {
        CompletableFuture<ChatAnswer> answer = candor.async().stream(request, ChatListener.ofText(screen));
        return answer.thenApply(verified -> verified.receipt().price());
    }
    // @end
}
