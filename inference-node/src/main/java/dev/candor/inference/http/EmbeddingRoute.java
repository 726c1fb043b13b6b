package dev.candor.inference.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.manifest.EncoderTask;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.EmbeddingRequest;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.Json;
import dev.candor.inference.text.TokenizedText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** {@code POST /v1/embeddings}. */
record EmbeddingRoute(EncoderModels models, Prompts prompts, Json json) implements EncoderRoute {
    @Override
    public String words() {
        return "One embedding request";
    }

    @Override
    public EncoderCall read(byte[] body) throws ApiException, InterruptedException {
        EmbeddingRequest request = EmbeddingRequest.parse(body, json);
        EncoderModel model = models.find(request.common().model(), EncoderTask.EMBEDDING);
        int width = model.config().width();
        int dimensions = request.dimensions().orElse(width);
        if (dimensions > width) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "'dimensions' must be at most " + width + " for this model, got " + dimensions + ".", "dimensions");
        }
        List<TokenizedText> texts = prompts.run(() -> new EncoderInputs(model, request.common()).texts(request.inputs()));
        int tokens = EncoderInputs.tokens(texts);
        return new EncoderCall(request.common(), model, EncoderInputs.sequences(texts), tokens,
                vectors -> answer(model, request, dimensions, tokens, vectors));
    }

    private static ObjectNode answer(EncoderModel model, EmbeddingRequest request, int dimensions, int tokens, List<float[]> vectors) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("object", "list");
        ArrayNode data = body.putArray("data");
        for (int i = 0; i < vectors.size(); i++) {
            float[] vector = shortened(vectors.get(i), dimensions);
            ObjectNode each = data.addObject().put("object", "embedding").put("index", i);
            each.set("embedding", request.base64() ? base64(vector) : numbers(vector));
        }
        body.put("model", model.binding().name());
        body.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        return body;
    }

    /** The first components, of length one again. */
    static float[] shortened(float[] vector, int dimensions) {
        if (dimensions == vector.length) {
            return vector;
        }
        float[] out = Arrays.copyOf(vector, dimensions);
        double squares = 0;
        for (float value : out) {
            squares += (double) value * value;
        }
        double length = Math.sqrt(squares);
        for (int i = 0; i < out.length && length > 0; i++) {
            out[i] = (float) (out[i] / length);
        }
        return out;
    }

    private static JsonNode base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return JsonNodeFactory.instance.textNode(Base64.getEncoder().encodeToString(bytes.array()));
    }

    private static JsonNode numbers(float[] vector) {
        ArrayNode numbers = JsonNodeFactory.instance.arrayNode(vector.length);
        for (float value : vector) {
            numbers.add(EncoderModels.exact(value));
        }
        return numbers;
    }
}
