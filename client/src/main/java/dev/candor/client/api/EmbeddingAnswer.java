package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Vectors of texts.
 *
 * @param vectors one for each text, in their order; the arrays are the caller's own
 */
public record EmbeddingAnswer(String model, List<float[]> vectors, Usage usage, Optional<AnswerReceipt> proof) implements VerifiedAnswer {
    /** Copies the list. */
    public EmbeddingAnswer {
        vectors = List.copyOf(vectors);
    }

    /** Reads a list of embeddings. @throws dev.candor.client.error.AnswerFormatException if it is none */
    public static EmbeddingAnswer of(JsonNode json, Optional<AnswerReceipt> proof) {
        List<float[]> vectors = AnswerJson.list(json, "data", each -> vector(each.path("embedding")));
        return new EmbeddingAnswer(AnswerJson.text(json, "model"), vectors, Usage.of(json.path("usage")), proof);
    }

    /** The first text's vector. */
    public float[] vector() {
        return vectors.getFirst();
    }

    private static float[] vector(JsonNode json) {
        if (json.isTextual()) {
            return decode(json);
        }
        if (!json.isArray()) {
            throw AnswerJson.missing("embedding", "a vector", json);
        }
        float[] vector = new float[json.size()];
        for (int i = 0; i < vector.length; i++) {
            if (!json.path(i).isNumber()) {
                throw AnswerJson.missing("embedding[" + i + "]", "a number", json.path(i));
            }
            vector[i] = json.path(i).floatValue();
        }
        return vector;
    }

    private static float[] decode(JsonNode json) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(json.textValue());
        } catch (IllegalArgumentException e) {
            throw AnswerJson.missing("embedding", "base64", json);
        }
        if (bytes.length % Float.BYTES != 0) {
            throw AnswerJson.missing("embedding", "32-bit floats", json);
        }
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    /** The model, how many vectors there are, and the receipt's id. */
    @Override
    public String toString() {
        return "EmbeddingAnswer[" + model + ", vectors: " + vectors.size() + ", receipt " + ShortText.receipt(proof) + "]";
    }
}
