package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.CanonicalJson;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;
import java.util.List;

/**
 * A request with every default filled in, as node and client both build it: what the prompt is made of is taken from the body as sent, every
 * other value from the receipt's bindings.
 *
 * @param json {@code docs/receipt.md} lists the members
 */
public record EffectiveRequest(ObjectNode json) {
    private static final List<String> PROMPT_MEMBERS = List.of("messages", "tools", "tool_choice", "response_format", "chat_template_kwargs");
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
            case GENERATION -> of(StrictJson.parseObject(body), model, sampling, verification);
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
        body.properties().stream().filter(member -> !member.getValue().isNull()).forEach(member -> out.set(member.getKey(), member.getValue()));
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

    /** The effective request where tokens are generated. @param body the request's JSON body as it was sent */
    public static EffectiveRequest of(JsonNode body, ModelBinding model, SamplingBinding sampling, Verification verification) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("model", model.name());
        for (String member : PROMPT_MEMBERS) {
            if (body.hasNonNull(member)) {
                out.set(member, body.get(member));
            }
        }
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
        out.put("stream", body.path("stream").asBoolean(false));
        out.put("verification", verification.wire());
        out.put("min_tokens", body.path("min_tokens").asInt(0));
        out.put("ignore_eos", body.path("ignore_eos").asBoolean(false));
        return new EffectiveRequest(out);
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
     * Checks that a receipt gives the body what it asked for: every value that the body names is the receipt's, but for {@code max_tokens},
     * which the node may lower to fit the context.
     *
     * @throws ReceiptVerificationException naming the first value that differs
     */
    public static void checkConsistent(String path, byte[] body, Receipt receipt) throws ReceiptVerificationException, InvalidJsonException {
        switch (Operation.of(path)) {
            case GENERATION -> new RequestConsistency(StrictJson.parseObject(body), receipt).check();
            case DATA, RERANK -> new RequestConsistency(StrictJson.parseObject(body), receipt).checkData();
            case TENSORS -> RequestConsistency.checkTensors(path, receipt);
        }
    }
}
