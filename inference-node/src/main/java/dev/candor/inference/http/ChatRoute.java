package dev.candor.inference.http;

import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatRequest;
import dev.candor.inference.openai.ChatRequestParser;
import dev.candor.inference.openai.IgnoredMembers;
import dev.candor.inference.openai.LogprobView;
import java.time.Instant;
import java.util.Optional;

/** {@code POST /v1/chat/completions}. */
final class ChatRoute implements GenerationRoute {
    private final ChatRequestParser parser;
    private final Models models;
    private final ChatJobs chats;
    private final Jobs jobs;
    private final ChatAnswers answers;

    ChatRoute(ChatRequestParser parser, Models models, ChatJobs chats, Jobs jobs, ChatAnswers answers) {
        this.parser = parser;
        this.models = models;
        this.chats = chats;
        this.jobs = jobs;
        this.answers = answers;
    }

    @Override
    public String words() {
        return "One chat completion";
    }

    @Override
    public GenerationCall read(Exchange exchange) throws ApiException, InterruptedException {
        ChatRequest request = parser.parse(exchange.body());
        ChatModel model = models.find(request.model(), ChatModel.class);
        Instant created = jobs.now();
        ChatJobs.Planned planned = chats.make(exchange, request, model, created);
        ChatLook look = new ChatLook(
                jobs.completion("chatcmpl-", model, created),
                request.streaming().includeUsage(),
                request.logprobs().isPresent() ? Optional.of(new LogprobView(model.tokenizer())) : Optional.empty(),
                new IgnoredMembers(request.ignored()));
        return new GenerationCall(planned.job(), (to, order, onGone) -> answers.make(to, order, planned.plan(), look, onGone));
    }
}
