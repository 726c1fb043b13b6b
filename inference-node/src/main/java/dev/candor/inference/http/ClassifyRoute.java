package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.manifest.EncoderConfig;
import dev.candor.hub.manifest.EncoderTask;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ClassifyRequest;
import dev.candor.inference.openai.Json;
import dev.candor.inference.text.TokenizedText;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code POST /v1/classify}: labels of whole texts in vLLM's form, or of each token.
 *
 * @param ids draws the answer's id
 */
record ClassifyRoute(EncoderModels models, Prompts prompts, Json json, Supplier<String> ids) implements EncoderRoute {
    @Override
    public String words() {
        return "One classification request";
    }

    @Override
    public EncoderCall read(byte[] body) throws ApiException, InterruptedException {
        ClassifyRequest request = ClassifyRequest.parse(body, json);
        EncoderModel model = models.find(request.common().model(), EncoderTask.CLASSIFICATION, EncoderTask.TOKEN_CLASSIFICATION);
        List<TokenizedText> texts = prompts.run(() -> new EncoderInputs(model, request.common()).texts(request.inputs()));
        int tokens = EncoderInputs.tokens(texts);
        return new EncoderCall(request.common(), model, EncoderInputs.sequences(texts), tokens, scores -> answer(model, texts, tokens, scores));
    }

    private ObjectNode answer(EncoderModel model, List<TokenizedText> texts, int tokens, List<float[]> scores) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("id", "classify-" + ids.get()).put("object", "list");
        body.put("model", model.binding().name());
        ArrayNode data = body.putArray("data");
        for (int i = 0; i < scores.size(); i++) {
            ObjectNode each = data.addObject().put("index", i);
            if (model.config().task() == EncoderTask.CLASSIFICATION) {
                whole(each, model.config(), scores.get(i));
            } else {
                byToken(each.putArray("tokens"), model, texts.get(i), scores.get(i));
            }
        }
        body.putObject("usage").put("prompt_tokens", tokens).put("completion_tokens", 0).put("total_tokens", tokens);
        return body;
    }

    private static void whole(ObjectNode into, EncoderConfig config, float[] scores) {
        double[] shares = shares(config, scores, 0);
        into.put("label", config.labels().get(best(shares)));
        ArrayNode probabilities = into.putArray("probs");
        for (double share : shares) {
            probabilities.add(EncoderModels.exact((float) share));
        }
        into.put("num_classes", shares.length);
    }

    /** Special tokens are left out. */
    private static void byToken(ArrayNode into, EncoderModel model, TokenizedText text, float[] scores) {
        EncoderConfig config = model.config();
        for (int token = 0; token < text.length(); token++) {
            if (text.special()[token]) {
                continue;
            }
            double[] shares = shares(config, scores, token * config.width());
            int best = best(shares);
            ObjectNode each = into.addObject().put("token", model.tokenizer().token(text.tokens()[token]));
            if (text.starts()[token] >= 0) {
                each.put("start", text.starts()[token]).put("end", text.ends()[token]);
            }
            each.put("label", config.labels().get(best)).put("score", EncoderModels.exact((float) shares[best]));
        }
    }

    /** Scores against each other (softmax), or each for itself (sigmoid). */
    static double[] shares(EncoderConfig config, float[] scores, int from) {
        double[] shares = new double[config.width()];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = scores[from + i];
        }
        if (config.multiLabel()) {
            return Arrays.stream(shares).map(ClassifyRoute::sigmoid).toArray();
        }
        double most = Arrays.stream(shares).max().orElseThrow();
        double[] powers = Arrays.stream(shares).map(score -> Math.exp(score - most)).toArray();
        double sum = Arrays.stream(powers).sum();
        return Arrays.stream(powers).map(power -> power / sum).toArray();
    }

    static double sigmoid(double score) {
        return 1 / (1 + Math.exp(-score));
    }

    private static int best(double[] shares) {
        int best = 0;
        for (int i = 1; i < shares.length; i++) {
            best = shares[i] > shares[best] ? i : best;
        }
        return best;
    }
}
