package dev.candor.inference.http;

import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatRequest;
import dev.candor.inference.openai.ChatRequestParser;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.IgnoredMembers;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.LogprobView;
import dev.candor.inference.openai.responses.ChatNames;
import dev.candor.inference.openai.responses.ResponseBody;
import dev.candor.inference.openai.responses.ResponseCaller;
import dev.candor.inference.openai.responses.ResponseHistory;
import dev.candor.inference.openai.responses.ResponseRequest;
import dev.candor.inference.openai.responses.ResponseRequestParser;
import dev.candor.inference.openai.responses.ResponseStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** {@code POST /v1/responses}: answered by way of a chat request. */
final class ResponsesRoute implements GenerationRoute {
    /** A few bytes of a request can name many of a conversation. */
    private static final int HISTORIES_AT_ONCE = 4;

    private final ResponseRequestParser parser;
    private final ChatRequestParser chatParser;
    private final Models models;
    private final ChatJobs chats;
    private final Jobs jobs;
    private final ResponseStore store;
    private final ResponseAnswers answers;
    private final Json json;
    private final Semaphore histories = new Semaphore(HISTORIES_AT_ONCE);

    ResponsesRoute(
            ResponseRequestParser parser,
            ChatRequestParser chatParser,
            Models models,
            ChatJobs chats,
            Jobs jobs,
            ResponseStore store,
            ResponseAnswers answers,
            Json json) {
        this.parser = parser;
        this.chatParser = chatParser;
        this.models = models;
        this.chats = chats;
        this.jobs = jobs;
        this.store = store;
        this.answers = answers;
        this.json = json;
    }

    @Override
    public String words() {
        return "One response";
    }

    @Override
    public GenerationCall read(Exchange exchange) throws ApiException, InterruptedException {
        ResponseRequest request = parser.parse(exchange.body());
        if (request.previous().isEmpty()) {
            return call(exchange, request);
        }
        histories.acquire();
        try {
            return call(exchange, request);
        } finally {
            histories.release();
        }
    }

    private GenerationCall call(Exchange exchange, ResponseRequest request) throws ApiException, InterruptedException {
        ResponseCaller caller = ResponseCallers.of(exchange);
        ResponseHistory history = ResponseHistory.of(request, store, caller);
        Instant created = jobs.now();
        ChatJobs.Planned planned = planned(exchange, request, history, created);
        ResponseLook look = look(request, planned, created);
        ResponseKeeping keeping = new ResponseKeeping(store, kept(request), caller, request.previous(), history.input(), json);
        return new GenerationCall(planned.job(), new Form(planned, look, keeping, history, caller));
    }

    private ChatJobs.Planned planned(Exchange exchange, ResponseRequest request, ResponseHistory history, Instant created)
            throws ApiException, InterruptedException {
        try {
            ChatRequest whole = chatParser.parse(request.chat(history.all()));
            ChatModel model = models.find(whole.model(), ChatModel.class);
            if (request.truncate()) {
                return new ResponseShortening(chatParser, chat -> chats.make(exchange, chat, model, created), model.contextLength())
                        .plan(request, history, whole);
            }
            return chats.make(exchange, whole, model, created);
        } catch (ApiException e) {
            throw ChatNames.ofResponses(e);
        }
    }

    /** How a request is answered once it got past the gate. */
    private final class Form implements GenerationCall.Form {
        private final ChatJobs.Planned planned;
        private final ResponseLook look;
        private final ResponseKeeping keeping;
        private final ResponseHistory history;
        private final ResponseCaller caller;

        Form(ChatJobs.Planned planned, ResponseLook look, ResponseKeeping keeping, ResponseHistory history, ResponseCaller caller) {
            this.planned = planned;
            this.look = look;
            this.keeping = keeping;
            this.history = history;
            this.caller = caller;
        }

        @Override
        public void admit(Order order) throws ApiException {
            if (!history.mayUse(ResponseCallers.of(caller, order))) {
                throw new ApiException(ErrorCode.PREVIOUS_RESPONSE_NOT_FOUND, "The conversation that the request continues is another payer's: nothing was"
                        + " charged. Pay by the account that paid for it.", "previous_response_id");
            }
        }

        @Override
        public GenerationAnswer answer(Exchange exchange, Order order, Runnable onGone) {
            return answers.make(exchange, order, planned.plan(), look, keeping, onGone);
        }
    }

    private boolean kept(ResponseRequest request) {
        return request.store() && store.keeps();
    }

    private ResponseLook look(ResponseRequest request, ChatJobs.Planned planned, Instant created) {
        ChatRequest chat = planned.plan().request();
        ChatModel model = planned.job().model();
        List<String> ignored = new ArrayList<>(chat.ignored());
        ignored.addAll(request.unheeded());
        request.effort().filter(effort -> !heeded(effort, model)).ifPresent(effort -> ignored.add("reasoning.effort"));
        if (!store.keeps() && request.body().path("store").asBoolean(false)) {
            ignored.add("store");
        }
        ResponseBody body = ResponseBody.of(jobs.responseId(), created.getEpochSecond(), model.binding().name(), request, chat);
        body.settings().put("store", kept(request));
        Optional<LogprobView> logprobs = request.logprobs().isPresent() ? Optional.of(new LogprobView(model.tokenizer())) : Optional.empty();
        return new ResponseLook(body, logprobs, new IgnoredMembers(ignored), () -> jobs.now().getEpochSecond());
    }

    private static boolean heeded(String effort, ChatModel model) {
        String template = model.prompts().template().source();
        return template.contains(ResponseRequestParser.EFFORT) || effort.equals("none") && template.contains("enable_thinking");
    }
}
