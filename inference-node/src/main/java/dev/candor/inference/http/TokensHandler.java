package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.limits.Allowance;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatRequestParser;
import dev.candor.inference.openai.DetokenizeRequest;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.Fields;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.TokenizeRequest;
import dev.candor.inference.openai.responses.ChatNames;
import dev.candor.inference.openai.responses.ResponseHistory;
import dev.candor.inference.openai.responses.ResponseRequest;
import dev.candor.inference.openai.responses.ResponseRequestParser;
import dev.candor.inference.openai.responses.ResponseStore;
import java.time.Clock;
import java.util.concurrent.Semaphore;

/** {@code POST /tokenize} and {@code /detokenize}, and counts of what a chat or a response would read. Free of charge; nothing is run. Blocks. */
final class TokensHandler {
    /** More wait for nobody: prompts of requests that are paid for are made on the same threads. */
    private static final int AT_ONCE = 16;

    private final Models models;
    private final Prompts prompts;
    private final ClientGuard guard;
    private final ResponseStore responses;
    private final Json json;
    private final Clock clock;
    private final ChatRequestParser chats;
    private final ResponseRequestParser responseParser;
    private final Semaphore places = new Semaphore(AT_ONCE);

    TokensHandler(Models models, Prompts prompts, ClientGuard guard, ResponseStore responses, Json json, Clock clock) {
        this.models = models;
        this.prompts = prompts;
        this.guard = guard;
        this.responses = responses;
        this.json = json;
        this.clock = clock;
        this.chats = new ChatRequestParser(json);
        this.responseParser = new ResponseRequestParser(json);
    }

    void mount(ApiRouter api, ApiRouter.Intake body) {
        api.post("/tokenize", "tokenize").identified().json(body).run(exchange -> answer(exchange, this::tokenize));
        api.post("/detokenize", "detokenize").identified().json(body).run(exchange -> answer(exchange, this::detokenize));
        api.post(HttpApi.CHAT + "/input_tokens", "countChatTokens").identified().json(body).run(exchange -> answer(exchange, this::countChat));
        api.post(HttpApi.RESPONSES + "/input_tokens", "countResponseTokens").identified().json(body).run(exchange -> answer(exchange, this::countResponse));
    }

    private void answer(Exchange exchange, Work work) throws ApiException, InterruptedException {
        if (!places.tryAcquire()) {
            throw new ApiException(ErrorCode.QUEUE_FULL, "Too many texts are turned into tokens at once: try again later.");
        }
        try (Allowance request = guard.take(exchange.caller(), 0)) {
            ObjectNode answer = work.of(exchange);
            exchange.send(Reply.json(200, answer, json));
        } finally {
            places.release();
        }
    }

    private ObjectNode tokenize(Exchange exchange) throws ApiException, InterruptedException {
        TokenizeRequest request = TokenizeRequest.parse(fields(exchange));
        ChatModel model = models.find(request.model(), ChatModel.class);
        return prompts.run(() -> {
            int[] tokens = model.tokens(request, clock.instant());
            ObjectNode answer = JsonNodeFactory.instance.objectNode().put("count", tokens.length).put("max_model_len", model.contextLength());
            ArrayNode ids = answer.putArray("tokens");
            ArrayNode texts = JsonNodeFactory.instance.arrayNode();
            for (int token : tokens) {
                ids.add(token);
                if (request.tokenTexts()) {
                    texts.add(model.tokenizer().text(token));
                }
            }
            answer.set("token_strs", request.tokenTexts() ? texts : JsonNodeFactory.instance.nullNode());
            return answer;
        });
    }

    private ObjectNode detokenize(Exchange exchange) throws ApiException, InterruptedException {
        DetokenizeRequest request = DetokenizeRequest.parse(fields(exchange));
        ChatModel model = models.find(request.model(), ChatModel.class);
        return prompts.run(() -> JsonNodeFactory.instance.objectNode().put("prompt", model.tokenizer().decodeWhole(request.tokens())));
    }

    private ObjectNode countChat(Exchange exchange) throws ApiException, InterruptedException {
        return count(TokenizeRequest.of(chats.parse(exchange.body())));
    }

    private ObjectNode countResponse(Exchange exchange) throws ApiException, InterruptedException {
        ResponseRequest request = responseParser.parse(exchange.body());
        ResponseHistory history = ResponseHistory.of(request, responses, ResponseCallers.of(exchange));
        try {
            return count(TokenizeRequest.of(chats.parse(request.chat(history.all()))));
        } catch (ApiException e) {
            throw ChatNames.ofResponses(e);
        }
    }

    private ObjectNode count(TokenizeRequest request) throws ApiException, InterruptedException {
        ChatModel model = models.find(request.model(), ChatModel.class);
        int tokens = prompts.run(() -> model.tokens(request, clock.instant())).length;
        return JsonNodeFactory.instance.objectNode().put("object", "response.input_tokens").put("input_tokens", tokens);
    }

    private Fields fields(Exchange exchange) throws ApiException {
        return new Fields(json.object(exchange.body()), "");
    }

    private interface Work {
        ObjectNode of(Exchange exchange) throws ApiException, InterruptedException;
    }
}
