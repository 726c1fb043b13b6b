package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.manifest.EncoderTask;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.RerankRequest;
import dev.candor.inference.text.TokenizedText;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * {@code POST /v1/rerank}: the documents that answer a query best come first.
 *
 * @param ids draws the answer's id
 */
record RerankRoute(EncoderModels models, Prompts prompts, Json json, Supplier<String> ids) implements EncoderRoute {
    @Override
    public String words() {
        return "One reranking request";
    }

    @Override
    public EncoderCall read(byte[] body) throws ApiException, InterruptedException {
        RerankRequest request = RerankRequest.parse(body, json);
        EncoderModel model = models.find(request.common().model(), EncoderTask.RERANK);
        List<TokenizedText> pairs = prompts.run(() -> new EncoderInputs(model, request.common()).pairs(request.query(), request.documents()));
        int tokens = EncoderInputs.tokens(pairs);
        return new EncoderCall(request.common(), model, EncoderInputs.sequences(pairs), tokens, scores -> answer(model, request, tokens, scores));
    }

    /** Documents of equal scores keep their order. */
    private ObjectNode answer(EncoderModel model, RerankRequest request, int tokens, List<float[]> scores) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("id", "rerank-" + ids.get()).put("model", model.binding().name());
        ArrayNode results = body.putArray("results");
        IntStream.range(0, scores.size()).boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> scores.get(i)[0]).reversed())
                .limit(request.top())
                .forEach(i -> {
                    ObjectNode each = results.addObject().put("index", i);
                    each.put("relevance_score", EncoderModels.exact((float) ClassifyRoute.sigmoid(scores.get(i)[0])));
                    if (request.returnDocuments()) {
                        each.putObject("document").put("text", request.documents().get(i));
                    }
                });
        body.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        return body;
    }
}
