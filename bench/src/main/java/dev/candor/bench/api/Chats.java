package dev.candor.bench.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.http.ChatModel;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatRequestParser;
import dev.candor.inference.openai.Json;
import dev.candor.inference.text.TemplateException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** The same requests as bodies for the node and as sequences for its engine: greedy, each client another prompt. */
record Chats(ChatModel model) {
    private static final String TEXT = "explain in detail what a computer program is, how it is written, and how a machine runs it.";

    /** @param verification {@code none} or {@code tee} */
    ObjectNode body(int client, int tokens, String verification, boolean stream) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model.binding().name()).put("stream", stream).put("temperature", 0)
                .put("max_tokens", tokens).put("ignore_eos", true).put("verification", verification);
        body.putArray("messages").addObject().put("role", "user").put("content", "Number " + client + ": " + TEXT);
        return body;
    }

    GenerationRequest sequence(int client, int tokens) throws ApiException, TemplateException {
        byte[] body = body(client, tokens, "none", true).toString().getBytes(StandardCharsets.UTF_8);
        int[] prompt = model.prompts().at(Instant.now()).render(new ChatRequestParser(new Json()).parse(body).prompt()).tokens();
        return new GenerationRequest(prompt, SamplingParams.greedy(), tokens, 0, List.of(), true);
    }
}
