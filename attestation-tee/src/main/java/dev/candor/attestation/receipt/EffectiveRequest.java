package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.CanonicalJson;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;

/**
 * A request with every default filled in, as node and client both build it: the body's members as sent, but for the values that the receipt's
 * bindings have.
 *
 * @param json {@code docs/receipt.md} lists the members
 */
public record EffectiveRequest(ObjectNode json) {
    private static final String EMBEDDINGS = "/v1/embeddings";
    private static final String RERANKING = "/v1/rerank";
    private static final long MAX_EXACT = (1L << 53) - 1;

    /**
     * The effective request of any path.
     *
     * @param body the exact bytes sent
     * @throws InvalidJsonException if they are not a JSON object, where the path asks for one
     */
    public static EffectiveRequest of(
            String path, byte[] body, ModelBinding model, SamplingBinding sampling, Verification verification) throws InvalidJsonException {
        return switch (Operation.of(path)) {
            case CHAT, COMPLETION, RESPONSE -> ofGeneration(path, StrictJson.parseObject(body), model, sampling, verification);
            case DATA, RERANK -> ofData(path, StrictJson.parseObject(body), model, verification);
            case TENSORS -> ofTensors(path, body, model, verification);
        };
    }

    /** Where no tokens are generated: as sent, but for the members that are null; the model's full name, and the defaults of the path, filled in. */
    public static EffectiveRequest ofData(String path, ObjectNode body, ModelBinding model, Verification verification) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        if (path.equals(EMBEDDINGS)) {
            out.put("encoding_format", "float");
        } else if (path.equals(RERANKING)) {
            out.put("return_documents", false);
        }
        setNamed(body, out);
        out.put("model", model.name()).put("verification", verification.wire());
        return new EffectiveRequest(out);
    }

    /** Tensors may follow the JSON as bare bytes, so that the body is named by its digest. */
    private static EffectiveRequest ofTensors(String path, byte[] body, ModelBinding model, Verification verification) {
        return new EffectiveRequest(JsonNodeFactory.instance.objectNode()
                .put("path", path)
                .put("model", model.name())
                .put("body", Digest.sha256(body).hex())
                .put("verification", verification.wire()));
    }

    /**
     * Where tokens are generated.
     *
     * @param path where the request went, which decides how its limit of tokens is called
     * @param body the request's JSON body as it was sent
     */
    public static EffectiveRequest ofGeneration(
            String path, JsonNode body, ModelBinding model, SamplingBinding sampling, Verification verification) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("stream", false).put("min_tokens", 0).put("ignore_eos", false);
        setNamed(body, out);
        out.remove(Operation.of(path).limits());
        out.put("model", model.name());
        out.put("max_tokens", sampling.maxTokens());
        out.put("temperature", sampling.temperature());
        out.put("top_p", sampling.topP());
        out.put("top_k", sampling.topK());
        out.put("min_p", sampling.minP());
        out.put("frequency_penalty", sampling.frequencyPenalty());
        out.put("presence_penalty", sampling.presencePenalty());
        out.put("repetition_penalty", sampling.repetitionPenalty());
        out.set("seed", exact(sampling.seed()));
        sampling.stop().forEach(out.putArray("stop")::add);
        out.put("verification", verification.wire());
        return new EffectiveRequest(out);
    }

    private static void setNamed(JsonNode body, ObjectNode out) {
        body.properties().stream().filter(member -> !member.getValue().isNull()).forEach(member -> out.set(member.getKey(), member.getValue()));
    }

    /** The SHA-256 of the canonical JSON. */
    public Digest digest() throws InvalidJsonException {
        return CanonicalJson.digest(json);
    }

    /** A number where a double holds it exactly, else its decimal digits as a string, so that canonical JSON does not round it. */
    static JsonNode exact(long value) {
        boolean number = value >= -MAX_EXACT && value <= MAX_EXACT;
        return number ? JsonNodeFactory.instance.numberNode(value) : JsonNodeFactory.instance.textNode(Long.toString(value));
    }

    /**
     * Checks that a receipt gives the body what it asked for: every value that the body names is the receipt's, but for the limit of tokens,
     * which the node may lower to fit the context.
     *
     * @throws ReceiptVerificationException naming the first value that differs
     */
    public static void checkConsistent(String path, byte[] body, Receipt receipt) throws ReceiptVerificationException, InvalidJsonException {
        switch (Operation.of(path)) {
            case CHAT, COMPLETION, RESPONSE -> new RequestConsistency(StrictJson.parseObject(body), receipt).checkGeneration(Operation.of(path));
            case DATA, RERANK -> new RequestConsistency(StrictJson.parseObject(body), receipt).checkData();
            case TENSORS -> RequestConsistency.checkTensors(path, receipt);
        }
    }
}
