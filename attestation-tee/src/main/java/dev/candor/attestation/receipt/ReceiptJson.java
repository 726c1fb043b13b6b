package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import java.util.List;

/** A receipt as JSON, for people: the same fields, one to one. Only the COSE bytes are signed. */
public final class ReceiptJson {
    private ReceiptJson() {}

    /** The JSON view of {@code receipt}. */
    public static ObjectNode view(Receipt receipt) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("v", ReceiptCodec.VERSION);
        out.put("id", receipt.id().value());
        out.put("issuer", receipt.issuer());
        out.put("issued_at", receipt.issuedAt().toString());
        out.put("verification", receipt.verification().wire());
        out.putObject("request")
                .put("path", receipt.request().path())
                .put("body", receipt.request().body().hex())
                .put("effective", receipt.request().effective().hex());
        out.putObject("model").put("name", receipt.model().name()).put("digest", receipt.model().digest().hex());
        runtime(out.putObject("runtime"), receipt.runtime());
        sampling(out.putObject("sampling"), receipt.sampling());
        output(out.putObject("output"), receipt.output());
        usage(out.putObject("usage"), receipt.usage());
        if (receipt.payment().isPresent()) {
            payment(out.putObject("payment"), receipt.payment().get());
        } else {
            out.put("payment", "none");
        }
        ObjectNode evidence = out.putObject("evidence").put("kind", receipt.evidence().kind()).put("cpu", receipt.evidence().cpu().hex());
        receipt.evidence().gpu().ifPresent(gpu -> evidence.put("gpu", gpu.hex()));
        evidence.put("policy", receipt.evidence().policy().hex());
        receipt.clientNonce().ifPresent(nonce -> out.put("client_nonce", nonce));
        return out;
    }

    /**
     * The receipt that {@link #view} shows as {@code view}.
     *
     * @throws InvalidJsonException if {@code view} is not such a view
     */
    public static Receipt receipt(JsonNode view) throws InvalidJsonException {
        return ReceiptJsonReader.read(view);
    }

    private static void runtime(ObjectNode out, RuntimeBinding runtime) {
        out.put("node", runtime.node())
                .put("build", runtime.build().hex())
                .put("onnxruntime", runtime.onnxRuntime())
                .put("execution_provider", runtime.executionProvider())
                .put("precision", runtime.precision())
                .put("determinism_class", runtime.determinismClass());
    }

    private static void sampling(ObjectNode out, SamplingBinding sampling) {
        out.put("temperature", sampling.temperature())
                .put("top_p", sampling.topP())
                .put("top_k", sampling.topK())
                .put("min_p", sampling.minP())
                .put("frequency_penalty", sampling.frequencyPenalty())
                .put("presence_penalty", sampling.presencePenalty())
                .put("repetition_penalty", sampling.repetitionPenalty());
        out.set("seed", EffectiveRequest.exact(sampling.seed()));
        out.put("max_tokens", sampling.maxTokens());
        texts(out.putArray("stop"), sampling.stop());
    }

    private static void output(ObjectNode out, OutputBinding output) {
        texts(out.putArray("tokens"), output.tokens().stream().map(Digest::hex).toList());
        out.put("choices", output.choices().hex()).put("body", output.body().hex()).put("format", output.format());
    }

    private static void usage(ObjectNode out, UsageBinding usage) {
        out.put("prompt_tokens", usage.promptTokens())
                .put("cached_tokens", usage.cachedTokens())
                .put("completion_tokens", usage.completionTokens());
        texts(out.putArray("finish_reasons"), usage.finishReasons());
    }

    private static void payment(ObjectNode out, PaymentBinding payment) {
        out.put("scheme", payment.scheme())
                .put("network", payment.network())
                .put("asset", payment.asset().checksummed())
                .put("payer", payment.payer().checksummed())
                .put("pay_to", payment.payTo().checksummed())
                .put("cap", payment.cap().toString())
                .put("charged", payment.charged().toString())
                .put("nonce", payment.nonce().toString())
                .put("input_price", payment.inputPrice().toString())
                .put("output_price", payment.outputPrice().toString());
    }

    private static void texts(ArrayNode out, List<String> values) {
        values.forEach(out::add);
    }
}
